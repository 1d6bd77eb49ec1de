"""Why a row of somebody's data may not be changed, in words, and where the way is."""

from jkn.services.basics.wording import long_date
from jkn.services.changes.who_may import Reason, Refused

_WHY = {
    Reason.NOT_IN_FAMILY: "Orang ini tidak ada di kartu keluarga Anda.",
    Reason.MEMBER_DIED: "Peserta ini sudah meninggal. Datanya tidak bisa diubah.",
    Reason.ACTOR_TOO_YOUNG: "Usia Anda belum cukup. Minta kepala keluarga mengubahnya.",
    Reason.OTHERS_DATA: "Anda hanya bisa mengubah data sendiri. Minta kepala keluarga.",
    Reason.LEADERS_ROW: (
        "Hanya kepala keluarga, suami, atau istri yang bisa mengubahnya. "
        "Kalau tidak ada, hubungi 165."
    ),
    Reason.OWN_CONTACT: "Ia punya akun. Hanya ia yang bisa mengubahnya.",
    Reason.REGISTRY_ROW: "Data ini dari Dukcapil. Perbaiki di kantor Dukcapil.",
    Reason.HAS_NIK: "NIK tetap seumur hidup. Kalau salah, hubungi 165.",
    Reason.PENDING: "Perubahan sebelumnya belum berlaku. Batalkan dulu, atau tunggu.",
    Reason.FACILITY_BY_STATE: (
        "Faskes tingkat 1 (FKTP) ini diatur pemerintah. "
        "Untuk pindah, datang ke kantor BPJS Kesehatan."
    ),
    Reason.FACILITY_BY_FORCES: (
        "Faskes tingkat 1 (FKTP) TNI dan Polri diatur kesatuan. Tanyakan ke kesatuan."
    ),
    Reason.FACILITY_TOO_SOON: "Faskes tingkat 1 (FKTP) baru saja diganti.",
    Reason.DENTIST_BY_FACILITY: "Berobat gigi cukup di faskes tingkat 1 (FKTP) ini.",
    Reason.CLASS_BY_STATE: "Kelas rawat ini ditentukan pemerintah yang membayar iuran.",
    Reason.CLASS_BY_EMPLOYER: (
        "Kelas rawat mengikuti gaji atau golongan. Tanyakan ke tempat kerja."
    ),
    Reason.CLASS_BY_PENSION: (
        "Kelas rawat mengikuti golongan pensiun. Tanyakan ke pengelola pensiun."
    ),
    Reason.ONE_CLASS: "Semua peserta memakai kelas rawat yang sama.",
    Reason.ARREARS: "Masih ada iuran yang belum dibayar. Lunasi dulu.",
    Reason.CLASS_TOO_SOON: "Kelas rawat ini belum cukup lama dipakai.",
    Reason.PAYS_ALREADY: "Iuran sudah dibayar sendiri.",
    Reason.NON_WORKER: "Iuran sudah dibayar sendiri. Mulai bekerja? Hubungi 165.",
    Reason.PENSIONER: "Iuran dipotong dari pensiun. Tanyakan ke pengelola pensiun.",
    Reason.STATE_EMPLOYEE: "Iuran dibayar instansi. Tanyakan ke tempat kerja.",
    Reason.STILL_EMPLOYED: (
        "Iuran masih dibayar perusahaan. Berhenti bekerja? Minta perusahaan melapor."
    ),
    Reason.CHILD_COVERED: "Anak ini masih ditanggung pekerjaan orang tua.",
    Reason.STUDENT_COVERED: (
        "Ia masih ditanggung karena kuliah. Sudah lulus? Minta tempat kerja orang tua melapor."
    ),
    Reason.STATE_PAYS: "Iuran masih dibayar pemerintah. Ingin pindah? Hubungi 165.",
}


def why_not(refused: Refused) -> str:
    """The reason, the way elsewhere where there is one, and the first day when it is known."""
    if refused.first_day is None:
        return _WHY[refused.reason]
    return f"{_WHY[refused.reason]} Bisa diubah mulai {long_date(refused.first_day)}."
