# SPDX-License-Identifier: GPL-3.0-or-later
"""make install into any place, the programs at work from there, and uninstall that leaves nothing."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def make(target, where):
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    build = os.path.relpath(os.environ.get("B") or ROOT / "build", ROOT)
    subprocess.run(["make", "-s", target, f"B={build}", f"DESTDIR={where}", "PREFIX=/opt/congvu"], cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
                   capture_output=True, timeout=170, check=True)


def files(where):
    return sorted(str(p.relative_to(where)) for p in where.rglob("*") if not p.is_dir())


def test_installed_programs_work_and_uninstall_leaves_nothing(tmp_path):
    where = tmp_path / "dest"
    make("install", where)
    at = where / "opt/congvu"
    there = files(at)
    for name in ("bin/congvu", "sbin/congvud", "libexec/congvu/congvu-secret", "share/man/man1/congvu.1", "share/man/man5/congvu.conf.5",
                 "share/man/man8/congvud.8", "share/locale/en/LC_MESSAGES/congvu.mo", "share/doc/congvu/README.md",
                 "share/doc/congvu/examples/make-ca.sh", "share/bash-completion/completions/congvu"):
        assert name in there, name
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "en_US.UTF-8"}
    said = subprocess.run([at / "bin/congvu", "status"], env=env, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert said.returncode == 77 and "not logged in" in said.stderr, said  # in English: the catalogue was found
    data = tmp_path / "office"
    subprocess.run([at / "sbin/congvud", "init", "--data", data, "--office", "Phường", "--admin", "quantri", "--password-stdin"],
                   input="mat-khau-dai\n", text=True, env=env, timeout=60, check=True)
    bash = subprocess.run(["bash", "-c", f"source {at}/share/bash-completion/completions/congvu && complete -p congvu"], capture_output=True, text=True, timeout=60)
    assert bash.returncode == 0, bash
    make("uninstall", where)
    assert files(where) == []
