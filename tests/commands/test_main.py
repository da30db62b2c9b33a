"""Every command as a user runs it: exit code, what is said and where, and never a traceback."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.commands import Said, own_folder, refused_together, run, run_together
from support.library import TEXT, package
from support.project import DATA, ROOT, contents, copy_project, python, replace_once
from support.tables import figure_ids, own_register, read_rows, register, write_csv

COMMANDS = (
    "verify",
    "trace",
    "refresh",
    "book",
    "check",
    "registers",
    "seal",
    "pdf",
    "usb",
    "ledger",
    "points",
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return own_folder(tmp_path)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="module")
def ours() -> dict[str, Said]:
    """What commands that change nothing say of this checkout, asked in one process."""
    return run_together(ROOT, "verify", "verify --json", "registers --check", "seal --check")


def test_verify_says_a_line_a_figure_and_a_sum_an_axis(ours):
    said = ours["verify"]
    assert (said.code, said.error) == (0, "")
    lines = said.out.splitlines()
    figures = [line.split("\t") for line in lines if "\t" in line]
    assert [f[0] for f in figures] == [row[0] for row in _figures()[1:]]
    assert {len(f) for f in figures} == {7}
    totals = [sum(map(int, re.findall(r" (\d+)", line))) for line in lines[30:33]]
    assert totals == [len(figure_ids())] * 3
    assert "不能当证据" in lines[-1]


def test_verify_names_the_files_that_are_not_those_sealed(ours, project):
    path = project / "data" / "registers" / "branches.csv"
    path.write_bytes(path.read_bytes().replace(b",44,", b",45,", 1))
    own = own_folder(project)
    write_csv(own / "weak_branches.csv", own_register("weak_branches"))
    told = run_together(project, "verify --json", "verify --data own")
    assert [said.code for said in told.values()] == [0, 0]
    (line,) = told["verify --json"].error.splitlines()
    assert line.startswith("注意：data/registers/branches.csv 与登记的摘要不同")
    clean = json.loads(ours["verify --json"].out)
    assert json.loads(told["verify --json"].out)["summary"] == clean["summary"]
    assert "data/registers/branches.csv" in told["verify --data own"].error
    write_csv(own / "branches.csv", own_register("branches"))  # in its place: what our file holds is not used
    assert run("verify", "--data", own, code=0, project=project)[1] == ""


def _figures() -> list[list[str]]:
    return read_rows(DATA / "interview" / "figures.csv")


def test_verify_json_is_the_object_of_the_contract(ours):
    said = ours["verify --json"]
    assert (said.code, said.error) == (0, "")
    told = json.loads(said.out)
    assert set(told) == {"figures", "summary"}
    keys = [
        "id",
        "claimed",
        "computed",
        "unit",
        "qualifier",
        "result",
        "basis",
        "corroboration",
        "corroboration_reason",
        "table",
        "rests_on",
    ]
    assert [list(f) for f in told["figures"]] == [keys] * len(figure_ids())
    assert set(told["summary"]) == {"result", "basis", "corroboration"}
    for axis, counted in told["summary"].items():
        found = [f[axis] for f in told["figures"]]
        assert counted == {value: found.count(value) for value in counted}
        assert sum(counted.values()) == len(figure_ids())
    growth = next(f for f in told["figures"] if f["id"] == "poverty.growth")
    assert growth["claimed"] == 13.9
    assert isinstance(growth["computed"], float)
    assert next(f for f in told["figures"] if f["id"] == "poverty.persons")["computed"] == 13540


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A project whose registry is that of a text of our own: the article is not ours to commit."""
    project = copy_project(tmp_path / "library")
    shutil.rmtree(project / "data")
    (project / "data").mkdir()
    package(project / "data")
    (project / "text.txt").write_text(TEXT, encoding="utf-8")
    return project


def test_trace_accounts_for_a_registered_text(library):
    said, coded = run_together(library, "trace text.txt", "trace text.txt --json").values()
    assert (said.code, said.error, coded.code) == (0, "", 0)
    assert re.findall(r" (\d+) ", said.out) == ["8", "2", "9", "0"]
    assert said.out.endswith("；是登记时所据的原文。\n")
    told = json.loads(coded.out)
    assert set(told) == {"counts", "is_registered_text", "findings"}
    assert (told["is_registered_text"], told["findings"]) == (True, [])


def test_trace_exits_with_1_at_a_changed_numeral(library):
    (library / "text.txt").write_text(TEXT.replace("36", "38"), encoding="utf-8")
    said, coded = run_together(library, "trace text.txt", "trace text.txt --json").values()
    assert (said.code, said.error, coded.code) == (1, "", 1)
    first, second, last = said.out.splitlines()
    assert "不是登记时所据的原文" in first
    assert "38" in second
    assert "shelves.added" in second
    assert "所据的原文" not in last
    (finding,) = json.loads(coded.out)["findings"]
    assert (finding["change"], finding["found"], finding["expected"]) == ("changed", "38", "36")


def test_trace_exits_with_1_at_a_text_without_numerals(tmp_path):
    (tmp_path / "text.txt").write_text("nothing to count", encoding="utf-8")
    said, _ = run("trace", tmp_path / "text.txt", code=1)
    assert said.count("poverty.persons") == 1


def test_trace_exits_with_2_at_what_is_no_text(tmp_path):
    (tmp_path / "b.txt").write_bytes("\u4e09".encode("gb18030"))
    paths = [tmp_path / "no.txt", tmp_path, tmp_path / "b.txt"]
    told = refused_together(ROOT, *(f"trace {path}" for path in paths))
    assert [path for path, said in zip(paths, told.values(), strict=True) if str(path) not in said] == []


def test_registers_checks_without_writing(ours, project):
    assert ours["registers --check"] == Said(0, "自编的登记表与重做的结果逐字节相同。\n", "")
    write_csv(project / "data" / "registers" / "weak_branches.csv", register("weak_branches")[:-1])
    before = contents(project)
    said, errors = run("registers", "--check", code=1, project=project)
    assert errors == ""
    assert said == "表 weak_branches：与重做的结果不同，请运行 python -m wuqi registers。\n"
    assert contents(project) == before


def test_registers_puts_right_what_was_changed_and_touches_nothing_else(project):
    before = contents(project / "data")
    write_csv(project / "data" / "registers" / "weak_branches.csv", register("weak_branches")[:-1])
    assert contents(project / "data") != before
    said, _ = run("registers", code=0, project=project)
    assert said == "重写的登记表：weak_branches；请运行 python -m wuqi seal 登记摘要。\n"
    assert contents(project / "data") == before
    assert run("registers", code=0, project=project) == ("没有要重写的登记表。\n", "")


def test_seal_checks_without_writing(ours, project):
    same = "datapackage.json 与各表的说明相同，各文件与登记的摘要相同，“用于”与实际相同。\n"
    assert ours["seal --check"] == Said(0, same, "")
    write_csv(project / "data" / "registers" / "weak_branches.csv", register("weak_branches")[:-1])
    replace_once(project / "data" / "registers" / "villages.yaml", "title: 行政村", "title: 村")
    (project / "book" / "extra.md").write_text("{fact}`poverty_lines/2016`\n", encoding="utf-8")
    before = contents(project)
    said, errors = run("seal", "--check", code=1, project=project)
    assert errors == ""
    assert [line.partition("：")[0] for line in said.splitlines()] == [
        "文件 registers/weak_branches.csv",
        "文件 registers/villages.yaml",
        "表 poverty_lines",
    ]
    assert "datapackage.json 里的 title 与它说的不同，请运行 python -m wuqi seal" in said
    assert contents(project) == before


def test_seal_writes_the_descriptor_and_says_whether_it_changed(project):
    assert run("seal", code=0, project=project) == ("datapackage.json 没有要改的。\n", "")
    before = contents(project)
    replace_once(project / "data" / "registers" / "villages.yaml", "title: 行政村", "title: 村")
    written, checked = run_together(project, "seal", "seal --check").values()
    assert (written, checked.code) == (Said(0, "datapackage.json 已按各表的说明写好。\n", ""), 0)
    changed = {name for name, content in contents(project).items() if before.get(name) != content}
    assert changed == {"data/registers/villages.yaml", "data/datapackage.json"}


@pytest.mark.parametrize("spoil", ["{", "gone"])
def test_a_descriptor_that_cannot_be_read_is_written_anew(project, spoil):
    path = project / "data" / "datapackage.json"
    before = path.read_bytes()
    path.unlink()
    if spoil != "gone":
        path.write_text(spoil, encoding="utf-8")
    run("seal", code=0, project=project)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: replace_once(path, "title: 行政村", "titel: 行政村"), "titel：没有这个键"),
        (lambda path: replace_once(path, "title: 行政村", "title: [行政村"), "不是合格的 YAML"),
        (lambda path: path.unlink(), "文件却不在"),
    ],
    ids=["a key", "the syntax", "no file"],
)
def test_a_broken_manifest_is_said_in_one_line(project, damage, said):
    damage(project / "data" / "registers" / "villages.yaml")
    before = contents(project)
    told = refused_together(project, "seal", "seal --check", "registers", "registers --check")
    for lines in map(str.splitlines, told.values()):
        assert [line for line in lines if "文件 registers/villages.yaml" not in line] == []
        assert said in lines[0]
    assert contents(project) == before


def _no_descriptor(data: Path) -> None:
    (data / "datapackage.json").write_text("{", encoding="utf-8")


def _no_table(data: Path) -> None:
    (data / "interview" / "figures.csv").unlink()


def _no_number(data: Path) -> None:
    rows = _figures()
    rows[3][rows[0].index("value")] = "many"
    write_csv(data / "interview" / "figures.csv", rows)


def _no_figure(data: Path) -> None:
    """A row that nothing points at, so that every table is valid without it."""
    write_csv(data / "interview" / "figures.csv", [r for r in _figures() if r[0] != "appointments.adjusted"])


READING = ("verify", "refresh")
MAKING = ("registers", "registers --check")
DAMAGES = [
    (
        _no_descriptor,
        "datapackage.json",
        (*READING, "seal --check", "template t.xlsx", "check data/registers/villages.csv"),
    ),
    (_no_table, "figures.csv", (*READING, *MAKING, "seal")),
    (_no_number, "figures.csv", (*READING, *MAKING, "seal")),
    (_no_figure, "appointments.adjusted", ("verify", *MAKING)),  # it is computed, and stated nowhere
]


@pytest.mark.parametrize(("damage", "name", "commands"), DAMAGES)
def test_a_damaged_package_is_said_without_a_traceback(project, damage, name, commands):
    damage(project / "data")
    before = contents(project)
    told = refused_together(project, *commands)
    assert [command for command, said in told.items() if name not in said] == []
    assert contents(project) == before


MISTAKES = (
    "",
    "nothing",
    "verify --nothing",
    "verify extra",
    "verify --data",
    "trace",
    "check",
    "book --nothing",
    "refresh --data x",
    "registers extra",
    "seal extra",
)


def test_a_mistake_in_usage_exits_with_2_and_says_how_to_get_help():
    for mistake, errors in refused_together(ROOT, *MISTAKES).items():
        assert "用法" in errors, mistake
        assert "python -m wuqi --help" in errors, mistake


def test_help_names_every_command_and_its_exit_codes():
    general, *each = run_together(ROOT, "--help", *(f"{command} --help" for command in COMMANDS)).values()
    assert (general.code, general.error) == (0, "")
    for command, said in zip(COMMANDS, each, strict=True):
        assert f"\n  {command} " in general.out
        assert said.code == 0
        assert "退出码" in said.out


@pytest.mark.parametrize("command", ["pdf", "usb"])
def test_a_file_is_not_put_where_a_folder_is(own, command):
    said, errors = run(command, "--out", own, code=1)
    assert said == ""
    assert str(own) in errors
    assert "文件夹" in errors


def test_progress_bars_and_colours_stay_out_of_files():
    said, errors = run("verify", code=0)
    assert "\r" not in said + errors
    assert "\x1b" not in said + errors


@pytest.mark.parametrize(("said", "used"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_a_command_starts_no_threads_unless_told_to(said, used):
    program = "import os, figurebook.cli.main; print(os.environ['OPENBLAS_NUM_THREADS'])"
    others = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**others, **said},
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout == f"{used}\n"


def test_the_setting_comes_before_numpy():
    program = (
        "import sys, figurebook.cli; assert 'numpy' not in sys.modules\n"
        "import figurebook.datapackage.tables; assert 'numpy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_help_loads_no_large_library():
    """Asking what a command does takes no time. Counted in modules: seconds depend on the machine."""
    program = (
        "import sys; from figurebook.cli.main import cli\n"
        "for asked in ([], *([name] for name in cli.commands)):\n"
        "    cli.main([*asked, '--help'], 'wuqi', standalone_mode=False)\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    run = python(ROOT, "-c", program)
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("退出码") >= 2 * len(COMMANDS)
    loaded = run.stderr.split()
    assert "figurebook.cli.site" in loaded
    assert not {
        "pandas",
        "numpy",
        "matplotlib",
        "sphinx",
        "openpyxl",
        "jinja2",
        "bs4",
        "nbformat",
        "playwright",
        "figurebook.datapackage.tables",
    } & set(loaded)
    assert len(loaded) < 350, len(loaded)


def test_output_is_utf8_whatever_the_locale():
    done = python(ROOT, "-m", "wuqi", "verify", LC_ALL="C", LANG="C")
    assert done.returncode == 0, done.stderr
    assert "贫困户" in done.stdout
