"""The Indonesian words of templates, scripts and code, and what must hold for them: sentences short
enough to be understood at the first hearing, and one word for one thing.

Read from the sources, so that every branch counts. The terms that people agree to are left out:
what was agreed to is never changed.
"""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from tests.support.world.databases import ROOT

LONGEST_SENTENCE = 12
# Stands for whatever a template or a piece of code puts in.
_FILLED_IN = "…"

# A pattern, and what is said instead.
_NOT_SAID = [
    (re.compile(pattern), instead)
    for pattern, instead in {
        r"\b[Kk]etuk\b": "tekan",
        r"(?i)\bklik\b": "tekan",
        r"(?i)\b(hand|smart)phone\b|\bponsel\b|\btelepon genggam\b": "HP",
        r"(?i)\bpassword\b": "kata sandi",
        r"(?i)\blogin\b(?! dengan Biometrik)": "masuk",
        r"(?i)\blog ?out\b": "keluar",
        r"\bOTP\b": "kode",
        r"(?i)\bsurel\b|\be-mail\b|\bsurat (ini|terakhir)\b": "email",
        r"(?<!Perangkat & )(?i:\bsesi\b)": "waktu masuk, or what happened",
        r"(?i)(kata sandi|PIN)\b[^.?]*\bditutup\b": "diblokir",
        r"(?i)\bditahan\b|\bkami tahan\b": "harus menunggu",
        r"(?i)\bhuruf (kapital|besar atau kecil)\b": "huruf kecil (huruf besar is large text)",
        r"(?i)\bakses\b": "akun dibatasi, akun terbuka penuh",
        r"(?i)\bpemberitahuan\b": "notifikasi, kabar",
        r"(?i)\bpapan ketik\b": "keyboard",
        r"(?i)\bmana pun\b": "a plainer sentence",
        r"(?i)\bpasangannya\b": "a plainer sentence",
        r"(?i)\byang perlu dilakukan\b": "abaikan",
        r"(?i)\b(masih|hanya) bekerja\b": "diproses, terbuka",
        r"(?i)\bmendukung": "bisa",
        r"(?i)\bseseorang\b": "ada yang",
        r"(?i)\bjaminan\b": "kepesertaan",
        r"(?i)(?<!\()\bsegmen\b": "cara membayar iuran (segmen)",
        r"(?<!\()\bFKTP\b": "faskes tingkat 1 (FKTP)",
        r"(?i)\b(jika|bila|apabila)\b": "kalau",
        r"(?i)\b(namun)\b": "tetapi",
        r"(?i)\bdapat\b": "bisa",
        r"(?i)\bkeliru\b": "salah",
        r"(?i)\bmohon\b|\bsilahkan\b": "silakan",
        r"\banda\b": "Anda",
        r"\b\d{1,2}:\d{2}\b": "14.30 WIB",
        r"\bRp\.? \d": "Rp35.000",
    }.items()
]
# Names a thing by a word of the field, where somebody looks for it or is told what it is.
_MAY_SAY = {("passkey", "Di sebagian HP, kunci masuk ini disebut passkey.")}
_PASSKEY = re.compile(r"(?i)\bpasskeys?\b")

# What tells Indonesian from English and from names of styles.
_INDONESIAN = re.compile(
    r"(?i)\b(anda|yang|di|ke|dari|dan|atau|tidak|belum|sudah|lagi|kami|ini|itu|untuk|dengan|pada|"
    r"kode|nomor|kata|akun|hubungi|coba|masukkan|pilih|ketik|buka|tekan|kirim|lihat|semua|boleh|"
    r"tanpa|huruf|salah|masih|bisa|harus|terlalu|kalau|data|pakai|keluar|masuk|waktu|siapkan)\b"
)
_BLOCKS = re.compile(
    r"</?(?:p|div|h[1-6]|li|ul|ol|dl|dt|dd|section|form|button|label|legend|td|title|small|summary|"
    r"details|header|footer|nav|main|article|fieldset|input|img|br|html|head|body|meta|link)\b[^>]*>"
)
_SPOKEN_ATTRIBUTES = re.compile(r'(?:data-[\w-]+|aria-label|alt|content|title)="([^"]+)"')
_LITERALS = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ENDS = re.compile(r"[.?!:;](?=\s|$)|\n")
_WORD = re.compile(r"[\w…][\w…'’/.&-]*")


def said_in_code(source: str) -> Iterator[str]:
    """Indonesian texts of a Python module; docstrings and lists of search words are none."""
    skipped, inside = set(), set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant()):
                skipped.add(node.value)
            case ast.keyword(arg="words") | ast.Attribute(attr="split"):
                skipped.add(node.value)
            case ast.JoinedStr():
                inside.update(node.values)
                yield from _only_indonesian(
                    "".join(
                        str(it.value) if isinstance(it, ast.Constant) else _FILLED_IN
                        for it in node.values
                    )
                )
            case ast.Constant(value=str() as text) if node not in skipped | inside:
                yield from _only_indonesian(text)


def said_in_script(source: str) -> Iterator[str]:
    """Indonesian texts of a script."""
    code = re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE)
    code = re.sub(r'"[^"\n]*"\.split', "", code)
    for found in re.finditer(r'"([^"\n]*)"|`([^`\n]*)`', code):
        yield from _only_indonesian(re.sub(r"\$\{[^}]*\}", _FILLED_IN, found[1] or found[2] or ""))


def said_in_template(source: str) -> Iterator[str]:
    """Texts of a template: between its tags, in what is read aloud, and in what it hands on."""
    text = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    for statement in re.findall(r"\{[{%](.*?)[%}]\}", text, flags=re.DOTALL):
        for literal in _LITERALS.findall(statement):
            yield from _only_indonesian(literal)
    text = re.sub(r"\{%.*?%\}", "\n", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", _FILLED_IN, text, flags=re.DOTALL)
    for value in _SPOKEN_ATTRIBUTES.findall(text):
        yield from _only_indonesian(value)
    text = re.sub(r"<[^>]*>", "", _BLOCKS.sub("\n", text))
    yield from _only_indonesian(text)


def everything_said() -> Iterator[tuple[str, str]]:
    """Every text, with the file in which it stands."""
    readers = {".py": said_in_code, ".js": said_in_script, ".html": said_in_template,
               ".txt": said_in_template}  # fmt: skip
    for file in sorted((ROOT / "jkn").rglob("*")):
        name = file.relative_to(ROOT / "jkn").as_posix()
        is_ours = not name.startswith(("templates/terms/2", "templates/terms/b", "static/vendor/"))
        if is_ours and file.suffix in readers and name != "templates/pwa/sw.js":
            for text in readers[file.suffix](file.read_text()):
                yield name, text


def sentences(text: str) -> list[str]:
    """The text, taken apart where a reader stops."""
    ends = [0, *(it.end() for it in _ENDS.finditer(text)), len(text)]
    parts = (" ".join(text[start:end].split()) for start, end in pairwise(ends))
    return [it for it in parts if it]


def findings(text: str) -> Iterator[str]:
    """Everything that an editor would mark."""
    for sentence in sentences(text):
        if (words := len(_WORD.findall(sentence))) > LONGEST_SENTENCE:
            yield f"{words} words: {sentence}"
        for pattern, instead in _NOT_SAID:
            if found := pattern.search(sentence):
                yield f"{found[0]!r}, say {instead}: {sentence}"
        if _PASSKEY.search(sentence) and ("passkey", sentence) not in _MAY_SAY:
            yield f"'passkey', say sidik jari: {sentence}"


def _only_indonesian(text: str) -> Iterator[str]:
    if _INDONESIAN.search(text) and " " in text.strip():
        yield text
