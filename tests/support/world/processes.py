"""Child processes that end when the tests do, however those end."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

# The shell reads a pipe from the tests and sends the child its signal for each line. When the tests
# end, even by a kill, the pipe closes; then the shell ends the child and removes its folder.
_LEASH = """
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
{ while read -r _ <&3; do kill -s "$LEASH_SIGNAL" "$child"; done
  kill -s "$LEASH_SIGNAL" "$child"; } 2>/dev/null &
watcher=$!
wait "$child"
code=$?
kill "$watcher" 2>/dev/null
rm -rf "$LEASH_FOLDER"
exit "$code"
"""


class LeashedProcess:
    """A running command with a scratch folder of its own, which is removed when it is stopped."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        user: str | None = None,
        working_folder: Path | None = None,
    ) -> None:
        self.folder = folder
        self.log = folder / "output.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _LEASH, "leash", *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={
                    **(os.environ if environment is None else environment),
                    "LEASH_SIGNAL": stop_signal.name.removeprefix("SIG"),
                    "LEASH_FOLDER": str(folder),
                },
                cwd=working_folder or folder,
                user=user,
                start_new_session=True,
            )

    def has_ended(self) -> bool:
        """True when the command ended by itself."""
        return self._process.poll() is not None

    def output(self) -> str:
        """Everything that it printed so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def kill(self) -> None:
        """Kill it, as the system does when memory runs out: it cannot clean up."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def tell(self) -> None:
        """Send it its signal; others may follow."""
        if self._process.stdin is not None:
            self._process.stdin.write(b"\n")
            self._process.stdin.flush()

    def tell_to_end(self) -> None:
        """Send it its last signal, and do not wait for its end."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    def stop(self) -> None:
        """Ask it to end; after 30 seconds its whole process group is killed."""
        self.tell_to_end()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def scratch_folder(name: str) -> Path:
    """A new private folder with a path short enough for the sockets in it."""
    return Path(tempfile.mkdtemp(prefix=f"jkn-{name}-"))
