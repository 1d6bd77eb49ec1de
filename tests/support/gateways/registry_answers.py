"""People as the registry's answers write them, and a registry bound to a stub."""

import json
import ssl
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jkn.gateways.population_registry import Away, Resident
from jkn.gateways.population_registry_http import HttpRegistry
from jkn.service_url import read_registry_url
from tests.support.gateways.http_stub import HttpStub
from tests.support.gateways.sms_gateways import Behaviour, answering
from tests.support.gateways.time_limits import PATIENT

NIK, CARD = "3276051703840001", "3276051402120001"
OTHER_NIK = "3276054211860002"
# Made once: reading the certificate authorities of the machine takes longer than a look-up here.
_UNUSED = ssl.create_default_context()
HENDRA = Resident(
    nik=NIK,
    family_card_number=CARD,
    name="HENDRA WIBOWO",
    birth_place="DEPOK",
    birth_date=date(1984, 3, 17),
    sex="M",
    relationship_code=1,
    mother_name="SRI HARTATI",
    street="JL. KEMUNING NO. 17",
    rt="003",
    rw="008",
    village_code="32.76.05.1004",
    postal_code="16411",
    is_deceased=False,
)


def record(**changes: Any) -> dict[str, Any]:
    """Hendra as the registry writes him, with these changes."""
    usual = {
        "NIK": NIK,
        "NO_KK": CARD,
        "NAMA_LGKP": "HENDRA WIBOWO",
        "TMPT_LHR": "DEPOK",
        "TGL_LHR": "1984-03-17",
        "JENIS_KLMIN": "Laki-Laki",
        "STAT_HBKEL": "1",
        "NAMA_LGKP_IBU": "SRI HARTATI",
        "ALAMAT": "JL. KEMUNING NO. 17",
        "NO_RT": 3,
        "NO_RW": 8,
        "NO_PROP": 32,
        "PROP_NAME": "JAWA BARAT",
        "NO_KAB": 76,
        "KAB_NAME": "KOTA DEPOK",
        "NO_KEC": 5,
        "KEC_NAME": "SUKMAJAYA",
        "NO_KEL": 1004,
        "KEL_NAME": "MEKARJAYA",
        "KODE_POS": 16411,
        "RESPON": None,
    }
    return {**usual, **changes}


def without(*fields: str) -> dict[str, Any]:
    """Hendra without these fields."""
    return {name: it for name, it in record().items() if name not in fields}


def body_of(*records: object) -> bytes:
    """An answer with these records in its list, and with the other usual members."""
    return json.dumps({"content": records, "lastPage": True, "totalElements": 1}).encode()


def giving(*records: object) -> Behaviour:
    """A registry that always answers with these records."""
    return answering(200, body_of(*records))


def registry_on(stub: HttpStub, base: str = "/get_json", **options: Any) -> HttpRegistry:
    """A registry that asks the stub. `options`: of the registry, for instance `seconds`."""
    url = read_registry_url(f"http://the-user:p%40ss%2Fword@127.0.0.1:{stub.port}{base}")
    return HttpRegistry(url, **{"tls": _UNUSED, "seconds": PATIENT, **options})


Ask = Callable[[HttpRegistry], object]
ASKS: dict[str, Ask] = {"person": lambda it: it.person(NIK), "family": lambda it: it.family(CARD)}
BOTH = pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS.keys())


def away(problem: str = ".") -> "pytest.RaisesExc[Away]":
    """Expect `Away`, with a reason that matches this pattern."""
    return pytest.raises(Away, match=problem)
