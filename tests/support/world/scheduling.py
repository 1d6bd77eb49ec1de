"""How tests are distributed to workers: by groups, as pytest-xdist does, but the run goes on when a
worker dies. With plain pytest-xdist 3.8.0 no other worker begins with the rest of its tests (issues
1323, 1327 and 1378), and the test that killed it runs once more (issue 1371)."""

import pytest
from _pytest.nodeid import NodeId
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling, Scheduling
from xdist.workermanage import WorkerController


class _GoingOn(LoadGroupScheduling):  # type: ignore[misc]  # it comes without types
    def remove_node(self, node: WorkerController) -> str | None:
        """Return the test at which the worker died, count it as done, and give the rest to
        others."""
        units: dict[str, dict[str, bool]] = self.assigned_work.pop(node)
        left = [
            (unit, test) for unit in units.values() for test, is_done in unit.items() if not is_done
        ]
        if not left:
            return None
        unit, test = left[0]
        unit[test] = True
        self.workqueue.update({it: unit for it, unit in units.items() if not all(unit.values())})
        for other in self.nodes:
            self._reschedule(other)
        return test

    def schedule(self) -> None:
        """Give each worker a second test: it begins one only when it knows the next, or that there
        is none."""
        is_first_time = self.collection is None
        super().schedule()
        if not is_first_time:
            for node in self.nodes:
                self._reschedule(node)


def name_groups(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the group of a test behind its name, by which the scheduler knows it. pytest-xdist 3.8.0
    puts it where pytest 9 does not look any more, so every test would be a group of its own."""
    if config.getoption("loadgroup", False):
        for item in items:
            if group := item.get_closest_marker("xdist_group"):
                item._id = NodeId.parse(f"{item.nodeid}@{group.args[0]}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """The scheduler for `--dist loadgroup`."""
    return _GoingOn(config, log) if config.getoption("dist") == "loadgroup" else None
