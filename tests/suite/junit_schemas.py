"""What two schemas of JUnit reports allow, written down from them.

`JENKINS`: junit-10.xsd of Jenkins' xUnit plugin, by which it refuses reports. `COMMON`: the schema of Ant's reports that
most validators use; stricter: fixed order, no properties or output in a test case, times without a zone.
"""

JENKINS = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:simpleType name="seconds"><xs:restriction base="xs:string">
    <xs:pattern value="(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\\.[0-9]{0,3})?"/>
  </xs:restriction></xs:simpleType>
  <xs:complexType name="found" mixed="true">
    <xs:attribute name="type" type="xs:string"/>
    <xs:attribute name="message" type="xs:string"/>
  </xs:complexType>
  <xs:complexType name="again" mixed="true">
    <xs:sequence>
      <xs:element name="stackTrace" type="xs:string" minOccurs="0"/>
      <xs:element name="system-out" type="xs:string" minOccurs="0"/>
      <xs:element name="system-err" type="xs:string" minOccurs="0"/>
    </xs:sequence>
    <xs:attribute name="message" type="xs:string"/>
    <xs:attribute name="type" type="xs:string" use="required"/>
  </xs:complexType>
  <xs:complexType name="properties"><xs:sequence>
    <xs:element name="property" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
      <xs:attribute name="name" type="xs:string" use="required"/>
      <xs:attribute name="value" type="xs:string" use="required"/>
    </xs:complexType></xs:element>
  </xs:sequence></xs:complexType>
  <xs:complexType name="testcase">
    <xs:choice minOccurs="0" maxOccurs="unbounded">
      <xs:element name="skipped" type="found"/>
      <xs:element name="error" type="found"/>
      <xs:element name="failure" type="found"/>
      <xs:element name="rerunFailure" type="again"/>
      <xs:element name="rerunError" type="again"/>
      <xs:element name="flakyFailure" type="again"/>
      <xs:element name="flakyError" type="again"/>
      <xs:element name="system-out" type="xs:string"/>
      <xs:element name="system-err" type="xs:string"/>
    </xs:choice>
    <xs:attribute name="name" type="xs:string" use="required"/>
    <xs:attribute name="time" type="xs:string"/>
    <xs:attribute name="classname" type="xs:string"/>
    <xs:attribute name="group" type="xs:string"/>
  </xs:complexType>
  <xs:complexType name="testsuite">
    <xs:choice minOccurs="0" maxOccurs="unbounded">
      <xs:element name="testsuite" type="testsuite"/>
      <xs:element name="properties" type="properties"/>
      <xs:element name="testcase" type="testcase"/>
      <xs:element name="system-out" type="xs:string"/>
      <xs:element name="system-err" type="xs:string"/>
    </xs:choice>
    <xs:attribute name="name" type="xs:string" use="required"/>
    <xs:attribute name="tests" type="xs:string" use="required"/>
    <xs:attribute name="failures" type="xs:string" use="required"/>
    <xs:attribute name="errors" type="xs:string" use="required"/>
    <xs:attribute name="group" type="xs:string"/>
    <xs:attribute name="time" type="seconds"/>
    <xs:attribute name="skipped" type="xs:string"/>
    <xs:attribute name="timestamp" type="xs:string"/>
    <xs:attribute name="hostname" type="xs:string"/>
    <xs:attribute name="id" type="xs:string"/>
    <xs:attribute name="package" type="xs:string"/>
    <xs:attribute name="file" type="xs:string"/>
    <xs:attribute name="log" type="xs:string"/>
    <xs:attribute name="url" type="xs:string"/>
    <xs:attribute name="version" type="xs:string"/>
  </xs:complexType>
  <xs:element name="testsuite" type="testsuite"/>
  <xs:element name="testsuites"><xs:complexType>
    <xs:sequence><xs:element name="testsuite" type="testsuite" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
    <xs:attribute name="name" type="xs:string"/>
    <xs:attribute name="time" type="seconds"/>
    <xs:attribute name="tests" type="xs:string"/>
    <xs:attribute name="failures" type="xs:string"/>
    <xs:attribute name="errors" type="xs:string"/>
  </xs:complexType></xs:element>
</xs:schema>"""

COMMON = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:simpleType name="moment"><xs:restriction base="xs:dateTime">
    <xs:pattern value="[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"/>
  </xs:restriction></xs:simpleType>
  <xs:simpleType name="name"><xs:restriction base="xs:token"><xs:minLength value="1"/></xs:restriction></xs:simpleType>
  <xs:complexType name="found" mixed="true">
    <xs:attribute name="type" type="xs:string" use="required"/>
    <xs:attribute name="message" type="xs:string"/>
  </xs:complexType>
  <xs:complexType name="testsuite"><xs:sequence>
    <xs:element name="properties"><xs:complexType><xs:sequence>
      <xs:element name="property" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
        <xs:attribute name="name" type="name" use="required"/>
        <xs:attribute name="value" type="xs:string" use="required"/>
      </xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
      <xs:choice minOccurs="0">
        <xs:element name="skipped" type="found"/>
        <xs:element name="error" type="found"/>
        <xs:element name="failure" type="found"/>
      </xs:choice>
      <xs:attribute name="name" type="xs:token" use="required"/>
      <xs:attribute name="classname" type="xs:token" use="required"/>
      <xs:attribute name="time" type="xs:decimal" use="required"/>
    </xs:complexType></xs:element>
    <xs:element name="system-out" type="xs:string"/>
    <xs:element name="system-err" type="xs:string"/>
  </xs:sequence>
    <xs:attribute name="name" type="name" use="required"/>
    <xs:attribute name="timestamp" type="moment" use="required"/>
    <xs:attribute name="hostname" type="name" use="required"/>
    <xs:attribute name="tests" type="xs:int" use="required"/>
    <xs:attribute name="failures" type="xs:int" use="required"/>
    <xs:attribute name="errors" type="xs:int" use="required"/>
    <xs:attribute name="skipped" type="xs:int"/>
    <xs:attribute name="time" type="xs:decimal" use="required"/>
    <xs:attribute name="id" type="xs:int" use="required"/>
    <xs:attribute name="package" type="xs:token" use="required"/>
  </xs:complexType>
  <xs:element name="testsuites"><xs:complexType><xs:sequence>
    <xs:element name="testsuite" type="testsuite" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
