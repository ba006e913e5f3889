# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is listed twice, and nothing is missing: help, completion and the manual say what the programs' tables say."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from office import program

ROOT = Path(__file__).resolve().parents[2]
ENV = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}


def run(*args, expect=0, env=None):
    done = subprocess.run(args, env={**ENV, **(env or {})}, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == expect, (args, done)
    return done.stdout


@pytest.fixture(scope="module")
def tables():
    return {name: json.loads(run(program(name), "--help", "--json"))["data"] for name in ("congvu", "congvud")}


def test_the_pages_are_current():
    run(str(ROOT / "tests/tools/man-update"), "--check", env={"B": os.environ.get("B", "")})


def test_a_missing_verb_option_error_or_setting_is_seen(tmp_path):
    """The check is not blind: take one line of each kind out of a copy."""
    for folder in ("man", "tests/tools"):
        (tmp_path / folder).mkdir(parents=True)
    tool = tmp_path / "tests/tools/man-update"
    tool.write_text((ROOT / "tests/tools/man-update").read_text())
    tool.chmod(0o755)
    pages = {p.name: p.read_text() for p in (ROOT / "man").iterdir()}
    env = {"B": os.environ.get("B", str(ROOT / "build"))}
    for page, start in (("congvu.1", ".It Ic report submit"), ("congvu.1", ".It Fl -slot"), ("congvu.1", ".It Er conflict"),
                        ("congvu.1", ".It 75"), ("congvud.8", ".It Ic user add"), ("congvud.8", ".It Ic four_eyes"),
                        ("congvu.conf.5", ".It Ic proxy")):
        for name, text in pages.items():
            lines = text.splitlines()
            if name == page:
                at = next(i for i, line in enumerate(lines) if line.startswith(start))
                del lines[at]
            (tmp_path / "man" / name).write_text("\n".join(lines) + "\n")
        assert page in run(str(tool), "--check", expect=1, env=env), start
        run(str(tool), env=env)
        assert {p.name: p.read_text() for p in (tmp_path / "man").iterdir()} == pages, start


@pytest.mark.parametrize("name", ["congvu", "congvud"])
def test_every_verb_and_option_stands_in_help(tables, name):
    whole = run(program(name), "--help")
    for verb in tables[name]["verbs"]:
        words = [w for w in (verb["noun"], verb.get("verb")) if w]
        assert " ".join(words) in whole and verb["help"]
        usage = run(program(name), *words, "--help") if words else whole
        for option in verb["options"] + tables[name]["globals"]:
            assert f"--{option['name']}" in usage and option["help"], (words, option)


def complete(script, *words):
    """What bash offers after these words; the last is what was typed of the next."""
    line = " ".join(f"'{w}'" for w in words)
    code = f"source /dev/stdin; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _congvu; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    return subprocess.run(["bash", "-c", code], input=script, capture_output=True, text=True, check=True, timeout=30).stdout.split()


def test_completion_offers_every_noun_and_verb_and_option(tables):
    script = run(program("congvu"), "completion", "bash")
    assert complete(script, "congvu", "rep") == ["report"]
    assert complete(script, "congvu", "report", "sub") == ["submit"]
    assert complete(script, "congvu", "--account", "x", "report", "submit", "--slo") == ["--slot"]
    for verb in tables["congvu"]["verbs"]:
        if not verb["noun"]:
            continue
        words = [verb["noun"], verb["verb"]] if "verb" in verb else [verb["noun"]]
        assert words[-1] in complete(script, "congvu", *words)
        offered = complete(script, "congvu", *words, "--")
        assert {f"--{o['name']}" for o in verb["options"]} <= set(offered), words
    fish = run(program("congvu"), "completion", "fish")
    for verb in tables["congvu"]["verbs"]:
        for option in verb["options"]:
            assert f"-l {option['name']}" in fish
    assert run(program("congvu"), "completion", "zsh").startswith("#compdef congvu")
    run(program("congvu"), "completion", "tcsh", expect=64)


def test_help_topics(tables):
    assert "75" in run(program("congvu"), "help", "exit")
    conf = run(program("congvu"), "help", "conf")
    for setting in tables["congvu"]["settings"]:
        assert setting["key"] in conf and setting["help"] in conf
    assert run(program("congvu"), "help", "report", "submit") == run(program("congvu"), "report", "submit", "--help")
    assert "congvu help exit" in run(program("congvu"), "help")
    run(program("congvu"), "help", "reprot", expect=64)


def test_every_setting_is_known_and_others_are_warned_of(tables, tmp_path):
    home = tmp_path / ".config/congvu"
    home.mkdir(parents=True)
    (home / "congvu.conf").write_text("".join(f"{s['key']} = x\n" for s in tables["congvu"]["settings"]) + "serverr = x\n")
    done = subprocess.run([program("congvu"), "config", "list"], env={**ENV, "HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and len(done.stderr.splitlines()) == 1, done
    assert "“serverr”" in done.stderr and "“server”" in done.stderr
