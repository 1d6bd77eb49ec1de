"""The CPU time of the server for each way in, in turns: number, password and captcha, or a
fingerprint.

It is measured from the tap on: with a password the server gets the form, with a fingerprint the
answer of the phone. The phone's challenge is usually fetched with the page, so that the keyboard
can offer the passkey; where a browser cannot do that, it is fetched at the tap. Opening Masuk costs
the same for both. Goal: a fingerprint costs a fifth at most. Part of `make bench NAME=sign_in`; it
runs by itself, too.
"""

import json
from itertools import cycle
from statistics import median

from benchmarks import bare
from benchmarks.measure import (
    Answer,
    Visitor,
    cpu_seconds,
    hidden_fields,
    milliseconds,
    print_table,
    sign_in_form,
    take_turns,
)
from tests.support.clients.software_authenticator import Authenticator
from tests.support.world.running_app import Identity, RunningApp, running_app

_ROUNDS = 60
_PEOPLE = 5


def main() -> None:
    """Print the table alone."""
    with running_app(*bare.PROGRAM) as app:
        print_ways_in(app)


def print_ways_in(app: RunningApp) -> None:
    """Print the medians of the CPU time of the server's process."""
    process = int(Visitor(app.url).get("/bare/process").content)
    questions: list[float] = []
    people = app.identities()[:_PEOPLE]
    # Each person has an address of their own, so that no rate limit holds anybody back.
    crowd = cycle([enrolled(app.url, it, f"127.0.0.{n + 2}") for n, it in enumerate(people)])

    def by_password() -> float:
        visitor, person, _ = next(crowd)
        form = sign_in_form(visitor, person)
        before = cpu_seconds(process)
        _expect(visitor.post("/masuk", form, HX_Request="true"), 204)
        spent = cpu_seconds(process) - before
        sign_out(visitor)
        return spent

    def by_fingerprint() -> float:
        visitor, _, phone = next(crowd)
        token = {"csrf_token": hidden_fields(visitor.get("/masuk"))["csrf_token"]}
        before = cpu_seconds(process)
        asked = _expect(visitor.post("/masuk/biometrik/tantangan", token), 200)
        questions.append(cpu_seconds(process) - before)
        credential = phone.get(json.loads(asked.content), origin=app.url)
        before = cpu_seconds(process)
        form = token | {"credential": credential}
        _expect(visitor.post("/masuk/biometrik", form, HX_Request="true"), 204)
        spent = cpu_seconds(process) - before
        sign_out(visitor)
        return spent

    turns = take_turns({"password": by_password, "fingerprint": by_fingerprint}, rounds=_ROUNDS)
    password, answer = median(turns["password"]), median(turns["fingerprint"])
    asked = answer + median(questions[-_ROUNDS:])
    spent = {
        "Number, password, captcha": password,
        "Fingerprint": answer,
        "Fingerprint, asked at the tap": asked,
    }
    rows = [[name, milliseconds(it), f"1/{password / it:.1f}"] for name, it in spent.items()]
    print_table(["Computed by the server", "ms", "of a password"], rows)


def sign_out(visitor: Visitor) -> None:
    """Sign out. The cookie by which the phone is known stays."""
    page = visitor.get("/keluar")
    _expect(visitor.post("/keluar", {"csrf_token": hidden_fields(page)["csrf_token"]}), 303)


def enrolled(url: str, person: Identity, source: str) -> tuple[Visitor, Identity, Authenticator]:
    """A phone on which *Login dengan Biometrik* was switched on, as people do it."""
    visitor, phone = Visitor(url, source=source), Authenticator()
    _expect(visitor.post("/masuk", sign_in_form(visitor, person)), 303)
    form = hidden_fields(visitor.get("/profil/biometrik/nyalakan"))
    form |= {"agreed": "1", "password": person.password}
    _expect(visitor.post("/profil/biometrik/nyalakan", form), 303)
    token = {"csrf_token": hidden_fields(visitor.get("/profil/biometrik/daftarkan"))["csrf_token"]}
    asked = _expect(visitor.post("/profil/biometrik/daftarkan/tantangan", token), 200)
    credential = phone.create(json.loads(asked.content), origin=url)
    _expect(visitor.post("/profil/biometrik/daftarkan", token | {"credential": credential}), 303)
    sign_out(visitor)
    return visitor, person, phone


def _expect(answer: Answer, status: int) -> Answer:
    """The answer. Raises RuntimeError when it has another status than this one."""
    if answer.status != status:
        raise RuntimeError(f"{answer.status} instead of {status}")
    return answer


if __name__ == "__main__":
    main()
