"""From settings to hosts that match them.

The homes of this package stand in one order, and each imports only what stands before it
(tests/unit/test_arrows.py). The first three import nothing of ours: `secrets` tells where secrets
come from, `onhost` runs on servers, `host` has what was read of one. `inventory`, `source`,
`requirements` and `settings` say what a person wants; `looking` finds the settings that fit a
project. `project` has what is wanted of a server, `database` what was read and is wanted of
PostgreSQL. `shell` runs scripts, `facts` read, `state` compares, `commands` change. `run`,
`rollout` and `report` are about a run of pyinfra; `operations` are what tasks/ puts in order.

Words, one for one thing:

- **target**: what one host is to be (`project.target`).
- **observation**: what one host was like when it was read (`host.observation`); `seen`.
- **release**: code, dependencies and environment that go live together. It is **built** once it is
  whole, and **live** (served, *current* in Capistrano's words) when visitors get it.
- **spool**: bytes in a file without a name, on the controller: an archive, and what is sent of it.
- **placement**: where a release is on one host, and how far it is there; `here`.
- **switch**: the moves on a host by which a release **takes over** from the live one. The
  **understudy** is the second app server that has the visitors meanwhile.
- **wave**, **gate**: hosts that switch at the same time, and the wait after them (`rollout`).
- **app server**: what runs Django: Gunicorn, or uWSGI.
- **front**: what stands before the app hosts: the **balancers** of the group `lb`. A server of
  somebody else's before ours is a **proxy**, trusted or not.
- **conflict**: somebody else's file in the way of ours. It is **put aside** into
  /var/backups/replaced, which the plan names.
- **neighbour**: another project of ours on the same host, known by what root wrote for it there,
  its **record**. What is a neighbour's is refused, and never put aside.
- **run lock**: one run at a time for a host. The switch has a lock of its own.
- **shared**: paths of the project that outlive releases; **disposable**: files nobody misses.
- **drift**: a host that is no longer as declared.
"""

import sys
from pathlib import Path

_started = Path(getattr(sys.modules["__main__"], "__file__", None) or "")
if _started.is_file() and _started.resolve().parent == Path(__file__).resolve().parents[1]:
    # `python deploy.py` is a habit, and would end in pyinfra's own lines.
    _hint = f"{_started.name} is run by pyinfra: .venv/bin/pyinfra inventory.py {_started.name}"
    sys.exit(_hint)
