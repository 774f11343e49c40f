"""What a phone shows in place of an operator's name while it has none: "No service", "Emergency calls only" ...

`carrierName` of a subscription is the text of the status bar, in the user's language (AOSP: `lockscreen_carrier_default`,
`emergency_calls_only`, `roamingText..`, `wfcSpnFormat`).
"""

from __future__ import annotations

import re
import unicodedata

_WORDS = """
no service | kein netz | kein dienst | dienst nicht verfugbar
service nicht verfugbar | keine verbindung | aucun service | pas de service
service non disponible | sin servicio | sin servei | sense servei | sem servico | sem rede
nessun servizio | servizio non disponibile | geen service | geen dienst | ingen tjanst
ingen tjeneste | ingen service | ei palvelua | ei verkkoa | brak uslugi | brak sieci
brak zasiegu | zadna sluzba | bez sluzby | ziadna sluzba | bez signalu
nincs szolgaltatas | nincs terero | nincs halozat | fara serviciu | niciun serviciu
nu exista semnal | ni storitve | ni signala | nema usluge | nema mreze | nema signala
usluga nije dostupna | teenus puudub | nav pakalpojuma | nera paslaugos | nera rysio
nuk ka sherbim | servis yok | hizmet yok | kapsama disi | xidmet yoxdur | xizmat yo'q
net sluzhby | нет сети | нет сигнала | нет обслуживания | немає мережі | немає служби
нет службы | няма услуга | няма мрежа | няма обслужване | нема услуга | нема мрежа
нема услуге | қызмет жоқ | желі жоқ | үйлчилгээ алга | кызмат жок
δεν υπαρχει υπηρεσια | χωρις υπηρεσια | εκτος δικτυου | καμια υπηρεσια | אין שירות
לא בשירות | لا توجد خدمة | لا خدمة | الخدمة غير متوفرة | سرویس موجود نیست
سرویسی موجود نیست | بدون سرویس | کوئی سروس نہیں | कोई सेवा नहीं | सेवा नहीं
सेवा उपलब्ध नहीं | কোনো পরিষেবা নেই | পরিষেবা নেই | সেবা নেই | சேவை இல்லை | సేవ లేదు
ಸೇವೆ ಇಲ್ಲ | സേവനമില്ല | કોઈ સેવા નથી | સેવા નથી | सेवा छैन | ਸੇਵਾ ਨਹੀਂ | ไม่มีบริการ
ບໍ່ມີບໍລິການ | គ្មានសេវា | ဝန်ဆောင်မှု မရှိပါ | khong co dich vu | không có dịch vụ
tidak ada layanan | tiada perkhidmatan | walang serbisyo | hakuna huduma
ayikho isevisi | geen diens nie | 无服务 | 沒有服務 | 没有服务 | 無服務 | 暂无服务 | 服務無法使用 | 無訊號 | 无信号 | サービスなし
圏外 | 통신 불가 | 서비스 없음 | 통화권이탈 | 서비스 지역 아님 | ingen dekning | ingen taekning | no signal
no network | out of service | emergency calls only | emergency call only
emergency only | nur notrufe | appels d'urgence uniquement | urgences uniquement
urgences seulement | appels d'urgence seulement
solo llamadas de emergencia | llamadas de emergencia | solo emergencia
chamadas de emergencia | apenas chamadas de emergencia
so chamadas de emergencia | solo chiamate di emergenza | alleen noodoproepen
endast nodsamtal | kun nodopkald | kun nodanrop | vain hatapuhelut
tylko polaczenia alarmowe | pouze tisnova volani | iba tiesnove volania
csak segelyhivas | numai apeluri de urgenta | samo klic v sili | samo hitni pozivi
ainult hadaabikoned | tikai arkartas zvani | tik pagalbos skambuciai
yalnizca acil durum cagrilari | sadece acil cagri | acil aramalar
только экстренные вызовы | экстренные вызовы
лише виклики екстрених служб | тільки екстрені виклики | само спешни обаждания
само хитни позиви | μονο κλησεις εκτακτης αναγκης | κλησεις εκτακτης αναγκης
שיחות חירום בלבד | مكالمات الطوارئ فقط | تماس اضطراری | केवल आपातकालीन कॉल
শুধুমাত্র জরুরি কল | หมายเลขฉุกเฉินเท่านั้น | โทรฉุกเฉินเท่านั้น
chi cuoc goi khan cap | chỉ cuộc gọi khẩn cấp | panggilan darurat
hanya panggilan darurat | panggilan kecemasan sahaja
mga emergency na tawag lang
只能拨打紧急呼救电话 | 仅限紧急呼叫 | 紧急呼叫 | 只能撥打緊急電話 | 僅可撥打緊急電話 | 限撥打緊急電話
緊急通報のみ | 긴급 통화만 | 긴급전화만 | searching for service | searching | netzsuche | suche netz
recherche de service | recherche du service | buscando servicio | buscando
a procurar servico | procurando servico | ricerca servizio | ricerca in corso | поиск сети
поиск | 正在搜索 | 正在搜索服务 | 搜索中 | 正在搜尋服務 | 検索しています | 검색 중 | no sim card | no sim
sim card absent | insert sim card | keine sim-karte | keine sim | aucune carte sim
pas de carte sim | sin tarjeta sim | sem cartao sim | nessuna sim
scheda sim assente | geen simkaart | нет sim-карты | 无sim卡 | 没有sim卡 | 请插入sim卡 | 未插入sim卡 | 無sim卡
simカードなし | sim 카드 없음 | sim card is locked | sim locked
sim card not provisioned | sim not provisioned | sim is not ready | airplane mode
flugmodus | mode avion | 飞行模式 | radio off | unknown | null | n/a | none
"""
"""AOSP's texts for "No service", "Emergency calls only", "Searching" and "No SIM card" in its languages, and makers' own."""


def _plain(text: str) -> str:
    """Lower case, without accents, in single blanks."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i").replace("ø", "o").replace("ł", "l"))
    folded = "".join(sign for sign in folded if not unicodedata.combining(sign) or ord(sign) > 0x36F)
    return re.sub(r"\s+", " ", folded.replace("’", "'").replace("ß", "ss").replace("æ", "ae")).strip(" .!…-–—")


_STATUS = frozenset(_plain(word) for line in _WORDS.strip().splitlines() for word in line.split(" | "))


def is_status(text: str) -> bool:
    """Whether the text is a state of the phone, and no operator's name."""
    plain = _plain(text)
    return not plain or plain in _STATUS or any(part in _STATUS for part in re.split(r"\s[-–—|]\s", plain))
