"""What Bantuan explains: a table that the list, the pages and the search go through.

Steps are read by people in trouble: six at most, one thing each, twelve words a sentence.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Begin:
    """A button: its words, the endpoint that it opens, and the place there."""

    label: str
    endpoint: str
    anchor: str | None = None


@dataclass(frozen=True)
class Guide:
    """`slug`: its address below /bantuan. `words`: what else people call it, also misspelt; the
    search knows them beside the title. `related`: slugs of what may help as well."""

    slug: str
    icon: str
    title: str
    steps: tuple[str, ...]
    begin: tuple[Begin, ...]
    words: str
    related: tuple[str, ...] = field(default=())


_NEW_PASSWORD = Begin("Buat kata sandi baru", "recovery.index")
_REGISTER = Begin("Daftar", "registration.index")
_SIGN_IN = Begin("Masuk", "sign_in.index")
_BIOMETRICS = Begin("Atur Login dengan Biometrik", "passkeys.index")

PROBLEMS = (
    Guide(
        slug="lupa-kata-sandi",
        icon="key-round",
        title="Saya lupa kata sandi",
        steps=(
            "Siapkan KTP dan HP Anda, atau Kartu Keluarga (KK).",
            "Tekan Buat kata sandi baru di bawah ini.",
            "Ketik NIK Anda, lalu tekan Lanjut.",
            "Pilih SMS, Email, atau Pertanyaan Data Pribadi.",
            "Ketik kodenya, atau jawab tiga pertanyaan.",
            "Buat kata sandi baru, lalu pakai untuk masuk.",
        ),
        begin=(_NEW_PASSWORD,),
        words="password sandi reset ganti ubah pulihkan tidak bisa masuk login salah akun terkunci",
        related=("kode-tidak-datang", "nomor-hp-berganti"),
    ),
    Guide(
        slug="kode-tidak-datang",
        icon="message-square-lock",
        title="Kode tidak datang",
        steps=(
            "Periksa nomor HP atau email di halaman kode.",
            "Periksa sinyal. Matikan mode pesawat.",
            "Kotak SMS penuh? Hapus beberapa pesan.",
            "Kode lewat email? Lihat juga folder spam.",
            "Tunggu satu menit, lalu tekan Kirim ulang.",
            "Masih tidak datang? Pilih cara lain di halaman itu.",
        ),
        begin=(_NEW_PASSWORD, _REGISTER),
        words="otp sms email surel verifikasi kirim ulang pesan belum masuk terima tidak sampai",
        related=("nomor-hp-berganti",),
    ),
    Guide(
        slug="nomor-hp-berganti",
        icon="phone",
        title="Nomor HP saya berganti",
        steps=(
            "Masih ingat kata sandi? Masuk saja seperti biasa.",
            "Lupa? Buat kata sandi baru tanpa SMS.",
            "Pilih Email atau Pertanyaan Data Pribadi di sana.",
            "Belum punya akun? Daftar dengan nomor baru Anda.",
            "Siapkan Kartu Keluarga (KK) untuk menjawab pertanyaan.",
            "Ganti nomor di data peserta lewat kantor BPJS Kesehatan.",
        ),
        begin=(_NEW_PASSWORD, _REGISTER),
        words="ganti nomor nomer telepon telpon kartu sim hangus mati lama baru ubah no hp otp sms",
        related=("kode-tidak-datang", "jawaban-tidak-cocok"),
    ),
    Guide(
        slug="hp-hilang",
        icon="smartphone",
        title="HP saya hilang",
        steps=(
            "Masuk dari HP atau komputer lain.",
            "Buka Perangkat & sesi. Tekan Keluarkan pada HP itu.",
            "Di Profil, buka Perangkat biometrik, lalu hapus HP itu.",
            "Di Profil, ubah juga kata sandi Anda.",
            "Minta operator memblokir kartu SIM Anda.",
            "Tidak bisa masuk? Hubungi 165.",
        ),
        begin=(Begin("Buka Perangkat & sesi", "devices.index"), _NEW_PASSWORD),
        words="dicuri kecurian copet rusak dijual ponsel handphone telepon keluarkan blokir",
        related=("nomor-hp-berganti",),
    ),
    Guide(
        slug="lupa-pin",
        icon="rectangle-ellipsis",
        title="Saya lupa PIN",
        steps=(
            "Tekan Buat PIN baru di bawah ini.",
            "Ketik kata sandi akun Anda.",
            "Ketik kode dari SMS atau email.",
            "Pilih enam angka, lalu ketik sekali lagi.",
            "Jangan pakai tanggal lahir atau angka berurutan.",
        ),
        begin=(Begin("Buat PIN baru", "pin.create"),),
        words="pin ditutup terkunci salah ganti ubah buat reset enam angka data pribadi nomor",
        related=("lupa-kata-sandi", "kode-tidak-datang"),
    ),
    Guide(
        slug="sidik-jari",
        icon="fingerprint-pattern",
        title="Sidik jari tidak bisa dipakai",
        steps=(
            "HP harus punya kunci layar: PIN, pola, atau sidik jari.",
            "Belum ada? Pasang di Setelan, bagian Keamanan.",
            "Buka alamat kami di Chrome atau Safari terbaru.",
            "Masuk dengan kata sandi Anda.",
            "Di Profil, nyalakan Login dengan Biometrik.",
            "Di sebagian HP, kunci masuk ini disebut passkey.",
        ),
        begin=(_BIOMETRICS,),
        words="fingerprint finger print jempol wajah muka face id biometrik passkey kunci layar",
        related=("lupa-kata-sandi", "hp-hilang"),
    ),
    Guide(
        slug="harus-menunggu",
        icon="clock",
        title="Saya harus menunggu sebelum masuk",
        steps=(
            "Kata sandi beberapa kali salah. Jadi harus menunggu dulu.",
            "Tunggu sampai waktu yang tertulis di halaman Masuk.",
            "Tidak mau menunggu, atau diblokir? Buat kata sandi baru.",
            "Sidik jari atau wajah tetap bisa dipakai.",
            "Bukan Anda yang mencoba? Buat kata sandi baru.",
        ),
        begin=(_NEW_PASSWORD, _SIGN_IN),
        words="password salah terus kunci terkunci blokir diblokir ditutup tunggu login sandi",
        related=("lupa-kata-sandi",),
    ),
    Guide(
        slug="jawaban-tidak-cocok",
        icon="circle-question-mark",
        title="Jawaban pertanyaan tidak cocok",
        steps=(
            "Siapkan Kartu Keluarga (KK) Anda.",
            "Tulis nama seperti di KK, tanpa gelar.",
            "Boleh huruf kecil semua.",
            "Tiga kali salah? Coba lagi besok.",
            "Kode lewat SMS atau email tetap bisa dipilih.",
            "Data di KK salah? Datang ke kantor BPJS Kesehatan.",
        ),
        begin=(Begin("Coba dengan kode", "recovery.index"),),
        words="pertanyaan data pribadi ibu kandung tempat lahir kk kartu keluarga puskesmas salah",
        related=("nomor-hp-berganti",),
    ),
)

HOW_TO = (
    Guide(
        slug="daftar",
        icon="user-plus",
        title="Daftar akun",
        steps=(
            "Siapkan KTP dan HP Anda.",
            "Tekan Daftar di bawah ini.",
            "Pilih Pengguna baru, atau Pendaftaran Pengguna Mobile.",
            "Ikuti lima langkahnya.",
        ),
        begin=(_REGISTER,),
        words="registrasi pendaftaran buat akun baru pengguna peserta nik",
        related=("kode-tidak-datang", "nomor-hp-berganti"),
    ),
    Guide(
        slug="masuk",
        icon="log-in",
        title="Masuk",
        steps=(
            "Tekan Masuk di bawah ini.",
            "Pilih NIK atau NOKA, lalu ketik nomornya.",
            "Ketik kata sandi, lalu tekan MASUK.",
        ),
        begin=(_SIGN_IN,),
        words="login log in sign in nik noka nomor kartu username password",
        related=("lupa-kata-sandi", "harus-menunggu"),
    ),
    Guide(
        slug="masuk-dengan-sidik-jari",
        icon="fingerprint-pattern",
        title="Masuk dengan sidik jari atau wajah",
        steps=(
            "Masuk dengan kata sandi, lalu tekan Profil.",
            "Tekan Login dengan Biometrik dan ikuti dua langkahnya.",
            "Lain kali, tekan Sidik jari atau wajah di halaman Masuk.",
        ),
        begin=(_BIOMETRICS,),
        words="fingerprint finger print jempol muka face id biometrik passkey login nyalakan",
        related=("sidik-jari",),
    ),
    Guide(
        slug="kartu-keluarga",
        icon="id-card",
        title="Melihat kartu sekeluarga",
        steps=(
            "Masuk, lalu tekan Kartu di bagian bawah.",
            "Kartu Anda tampil paling atas.",
            "Tekan nama untuk melihat kartu anggota keluarga.",
        ),
        begin=(Begin("Lihat kartu", "card.index"),),
        words="kis bpjs jkn kartu digital anak istri suami anggota nomor noka",
    ),
    Guide(
        slug="notifikasi",
        icon="bell",
        title="Membaca notifikasi",
        steps=(
            "Masuk, lalu tekan Notifikasi di kanan atas.",
            "Titik dan kata Baru berarti belum dibaca.",
            "Tekan Tandai sudah dibaca, atau tekan kabarnya.",
        ),
        begin=(Begin("Buka Notifikasi", "notifications.index"),),
        words="kabar pesan pemberitahuan lonceng baru",
    ),
    Guide(
        slug="huruf-besar",
        icon="a-large-small",
        title="Memperbesar huruf",
        steps=(
            "Tekan Bantuan di kanan atas.",
            "Cari bagian Tampilan di halaman itu.",
            "Tekan Huruf besar sampai menyala.",
        ),
        begin=(Begin("Ke Huruf besar", "help.index", "large-text"),),
        words="tulisan teks kecil besar font ukuran mata tampilan",
    ),
    Guide(
        slug="pasang-di-layar-utama",
        icon="square-plus",
        title="Memasang di layar utama",
        steps=(
            "Buka alamat kami di Chrome atau Safari.",
            "Tekan menu, atau tombol Bagikan di iPhone.",
            "Pilih Tambah ke Layar Utama.",
        ),
        begin=(Begin("Ke halaman pertama", "landing.index"),),
        words="install instal pasang unduh download aplikasi playstore ikon home screen",
    ),
    Guide(
        slug="keluar",
        icon="log-out",
        title="Keluar",
        steps=("Tekan Lainnya, lalu Keluar.", "Tekan Setuju."),
        begin=(Begin("Keluar sekarang", "sign_out.index"),),
        words="logout log out sign out akun hapus data",
        related=("hp-hilang",),
    ),
)

GUIDES = {guide.slug: guide for guide in (*PROBLEMS, *HOW_TO)}
