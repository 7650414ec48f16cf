"""Invented names: companies, persons, payers and suppliers. Every word of them is made up or common; none is a real firm's."""

from collections.abc import Sequence

import numpy as np

_STEMS = [
    "Velm",
    "Quor",
    "Tash",
    "Brin",
    "Ondel",
    "Kespr",
    "Marv",
    "Lutr",
    "Fenw",
    "Grax",
    "Hyld",
    "Jorv",
    "Pell",
    "Rusk",
    "Sarn",
    "Thorn",
    "Ulm",
    "Wexl",
    "Yarr",
    "Zeph",
]
_ENDINGS = ["ora", "ix", "and", "eron", "ivo", "una", "ette", "ade", "isca", "olt", "ema", "ys", "ano", "erra"]
_TRADES = {
    "C": ["Instruments", "Components", "Materials", "Devices", "Machinery"],
    "F": ["Trading", "Supply", "Wholesale"],
    "I": ["Systems", "Software", "Data"],
    "G": ["Logistics", "Freight"],
    "M": ["Research", "Laboratories"],
    "E": ["Construction", "Builders"],
    "K": ["Properties", "Estates"],
}
_FORMS = ["Inc.", "Corp.", "Ltd.", "LLC"]
_CHINESE = ["云川", "澄禾", "岚屿", "曜桥", "霁光", "沐远", "珩石", "朗汀", "砚山", "芷江", "骁河", "翊海"]
_CHINESE_TRADES = {"C": "精工", "F": "商贸", "I": "软件", "G": "物流", "M": "研究", "E": "建筑", "K": "置业"}
_GIVEN = [
    "Alma",
    "Bruno",
    "Carla",
    "Dario",
    "Edda",
    "Fabio",
    "Greta",
    "Hugo",
    "Ilse",
    "Jonas",
    "Klara",
    "Lars",
    "Mona",
    "Nils",
    "Olga",
    "Piet",
    "Rosa",
    "Sven",
    "Tilda",
    "Uwe",
]
RMS = ["Lin Yue", "Chen Hao", "Wang Min", "Zhao Lei", "Sun Jia", "Qian Bo", "Zhou Ran", "Wu Dan"]
_PAYERS = ["Stores", "Retail", "Works", "Energy", "Health", "Foods", "Motors", "Homes", "Schools", "Airways"]
_SUPPLIERS = ["Metals", "Chemicals", "Plastics", "Paper", "Electronics", "Tools", "Fuels", "Packaging"]
HOSTILE = 'A&B <b>"Holdings"</b> {{7*7}} =1+1'
CHINESE_SHARE = 0.15
HEADS = ["Shen Yi", "Ma Tao", "Deng Qi", "Luo Han"]


def _word(number: int) -> str:
    """An invented word; different for each number below 280, and unlike the words of its neighbours."""
    mixed = number * 97 % (len(_STEMS) * len(_ENDINGS))  # 97 has no factor in common with 280
    return _STEMS[mixed % len(_STEMS)] + _ENDINGS[mixed // len(_STEMS)]


def company(number: int, section: str, rng: np.random.Generator) -> str:
    """A company's name for its client number and section; about 15 % are Chinese."""
    if rng.random() < CHINESE_SHARE:
        first, step = number % len(_CHINESE), 1 + number // len(_CHINESE) % (len(_CHINESE) - 1)
        return f"{_CHINESE[first]}{_CHINESE[(first + step) % len(_CHINESE)]}{_CHINESE_TRADES[section]}有限公司"
    trades = _TRADES[section]
    return f"{_word(number)} {trades[int(rng.integers(len(trades)))]} {_FORMS[int(rng.integers(len(_FORMS)))]}"


def long_company(number: int) -> str:
    """A company's name of sixty characters and a few more: what a table's column must bear."""
    return f"{_word(number)} Consolidated Precision Instruments and Tools Holdings"


def person(number: int) -> str:
    """A person at a client."""
    return f"{_GIVEN[number % len(_GIVEN)]} {_word(number * 7 + 3)}"


def partners(number: int, many: int, kinds: Sequence[str] = _PAYERS) -> list[str]:
    """The names of one client's payers (or suppliers), the largest first; other clients have others."""
    return [f"{_word(number * 31 + 17 * k)} {kinds[(number + k) % len(kinds)]} {k + 1:02d}" for k in range(many)]


def suppliers(number: int, many: int) -> list[str]:
    """The names of one client's suppliers."""
    return partners(number + 140, many, _SUPPLIERS)
