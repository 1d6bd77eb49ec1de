"""Every sentence that people see or hear is short and plain, with one word for one thing
(docs/experience.md, Words)."""

import pytest

from tests.support.rules import plain_words


def test_every_sentence_is_plain() -> None:
    said = list(plain_words.everything_said())
    assert len({name for name, _ in said}) > 100, "the sources were read"
    assert [f"{name}: {it}" for name, text in said for it in plain_words.findings(text)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ketuk tombol ini.", "say tekan"),
        ("Kata sandi ini ditutup sementara.", "say diblokir"),
        ("Percobaan berikutnya kami tahan.", "say harus menunggu"),
        ("Boleh tanpa huruf kapital.", "say huruf kecil"),
        ("Coba lagi pukul 14:30.", "say 14.30 WIB"),
        ("Ini passkey Anda.", "say sidik jari"),
        ("Isi segmen Anda.", "say cara membayar iuran"),
        ("Satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua belas.", "13"),
    ],
)
def test_an_editor_would_mark_it(text: str, found: str) -> None:
    (finding,) = plain_words.findings(text)
    assert found in finding


@pytest.mark.parametrize(
    "text",
    [
        "Login dengan Biometrik menyala di satu perangkat.",
        "Perangkat & sesi",
        "Cara membayar iuran (segmen)",
        "Berlaku sampai 3 Mei 2026, 14.30 WIB. Coba lagi pukul 14.31 WIB",
        "Satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas: dua belas.",
    ],
)
def test_an_editor_would_let_it_stand(text: str) -> None:
    assert list(plain_words.findings(text)) == []


def test_texts_are_found_wherever_they_stand() -> None:
    template = """{# Catatan untuk kami. #}{% if a %}<p>Untuk <b>Anda</b> {{ name }}.</p>{% endif %}
<a aria-label="Hubungi 165 ini">x</a>{{ banner("Belum ada kode", role="status") }}"""
    found = [
        sentence
        for text in plain_words.said_in_template(template)
        for sentence in plain_words.sentences(text)
    ]
    assert found == ["Belum ada kode", "Hubungi 165 ini", "Untuk Anda ….", "x…"]
    code = '"""Di sini."""\nsay(f"Coba lagi pukul {until}", words="password sandi anda")'
    assert list(plain_words.said_in_code(code)) == ["Coba lagi pukul …"]
    script = (
        '// Di sini.\nsay("Coba lagi.", `Anda keluar ${inWords(left)}.`); "yang di ke".split(" ")'
    )
    assert list(plain_words.said_in_script(script)) == ["Coba lagi.", "Anda keluar …."]
