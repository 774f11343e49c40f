"""Where the capability containers and enquiries stand in a tree that somebody else decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .texts import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .account import Kind
    from .texts.tree import Tree

_TYPES: dict[str, Kind] = {
    "UE-EUTRA-Capability": "eutra",
    "UE-NR-Capability": "nr",
    "UE-MRDC-Capability": "mrdc",
}
_RATS: dict[str, Kind] = {"eutra": "eutra", "nr": "nr", "eutra-nr": "mrdc", "mrdc": "mrdc", "lte": "eutra"}

Found = tuple[Literal["enquiry", "eutra", "nr", "mrdc"], "Tree"]


def find(root: Tree) -> Iterator[Found]:
    """Enquiries and containers in document order; a container's value may also be its octets (bytes)."""
    stack: list[tuple[str, Tree]] = [("", root)]
    while stack:
        name, node = stack.pop()
        if isinstance(node, list):
            stack.extend((name, item) for item in reversed(node))
            continue
        if not isinstance(node, dict):
            continue
        kind = _TYPES.get(name) or _kind(node)
        if name == "ueCapabilityEnquiry":
            yield "enquiry", node
        elif kind is not None:
            yield kind, node
        elif (inside := _rat_container(node)) is not None:
            yield from inside
        else:
            stack.extend((tree.base_name(key), value) for key, value in reversed(node.items()))


def _kind(node: dict[str, Tree]) -> Kind | None:
    """What a tree without a name is, by the parts that only this container has at its root."""
    radio = node.get("rf-Parameters")
    if "rf-ParametersMRDC" in node:
        return "mrdc"
    if not isinstance(radio, dict):
        return None
    if "supportedBandListNR" in radio:
        return "nr"
    return "eutra" if "supportedBandListEUTRA" in radio else None


def _rat_container(node: dict[str, Tree]) -> list[Found] | None:
    """An entry of ue-CapabilityRAT-ContainerList: its RAT and its content, decoded or octets."""
    kind = _RATS.get(tree.word(node.get("rat-Type")) or "")
    content = next(
        (v for k, v in node.items() if k.lower().replace("-", "").startswith("uecapabilityratcontainer")), None
    )
    if content is None or "rat-Type" not in node:
        return None
    if isinstance(content, dict | list):
        inner = list(find(content))
        if inner or kind is None:
            return inner
        return [(kind, content)]
    octets = tree.octets(content)
    return [(kind, octets)] if kind is not None and octets is not None else []
