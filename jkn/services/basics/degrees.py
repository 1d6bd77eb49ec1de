"""Academic degrees behind a name, with or without a comma: Mira Rachmadini S.Pd.

Indonesian degrees are a level and a field (S.Pd., M.Si., A.Md.Keb.), so they are told by a small
grammar instead of a list of hundreds. What could be a name as well counts only with a dot inside:
M.A. is a degree, and Ma is a family's name.
"""

import re

_LEVELS = "s m str mtr sst amd ama".split()
_FIELDS = frozenset(
    "ab acc adm ag agb agr agt ak akt akun ap ars biomed bns cs ds e ei ep esy farm fil gz h hi hum"
    " hut i ik ikom ip k kb keb ked kel kep kes kg kh kk kl km kn kom komi kp kpm li ling m mat med"
    " mp mt mus or p par pd pdi pdk pdsd ph pi pmat psi pt ptk pw rad rs s sas sc sej si sn sos"
    " sosi st stat sy t th thi ti tp tr tra ud vet".split()
)
_SPECIALISTS = (
    "spa span spb spbs spd spdv spfor spgk spjp spkep spkfr spkga spkj spkk spm spmk spn spog sport"
    " spot spp sppd sppk sprad sps sptht spthtkl spu"
)
_OTHERS = frozenset(
    "ba bba bsc beng ma mba mars mmrs phd edd llm llb sesy mesy psikolog ners ns apt aks".split()
    + _SPECIALISTS.split()
)
# Never a name by themselves, though they have a vowel.
_UNMISTAKABLE = frozenset(
    "se amd amdkeb amdkep amdkes amdkom amdpd sag mag ssi msi spsi mpsi ssos msos skom mkom sikom"
    " mikom skep mkep skeb mkeb skes mkes sked sfarm mfarm shut sip mba strkeb strkep ners"
    " psikolog".split()
)
_VOWELS = frozenset("aeiou")
# A degree may be written with spaces: S. Pd. I.
_MOST_PIECES = 3


def without_degrees(name: str) -> str:
    """The name without the degrees at its end. The first word always stays."""
    words = name.split()
    while cut := next((n for n in range(_MOST_PIECES, 0, -1) if _is_degree(words[1:], n)), 0):
        del words[-cut:]
    return " ".join(words)


def _is_degree(words: list[str], pieces: int) -> bool:
    """Whether the last `pieces` of the words are one degree."""
    last = words[-pieces:]
    if len(last) < pieces or any(not _may_go_on(it) for it in last[:-1]):
        return False
    letters = re.sub(r"[\W_]", "", "".join(last)).casefold()
    if letters in _UNMISTAKABLE or not _VOWELS & set(letters):
        return _is_known(letters)
    return "." in "".join(last).strip(".") and _is_known(letters)


def _may_go_on(piece: str) -> bool:
    """Whether a degree may go on after this piece of it, and after a space."""
    return piece.endswith(".") or len(piece) == 1


def _is_known(letters: str) -> bool:
    levels = (it for it in _LEVELS if letters.startswith(it))
    return (
        letters in ("amd", "ama")
        or letters in _OTHERS
        or any(letters.removeprefix(it) in _FIELDS for it in levels)
    )
