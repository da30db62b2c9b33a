"""Every command on a project whose descriptor lacks something."""

import pytest
from support.commands import run_together
from support.descriptor import GONE, put, rewrite
from support.miniature import MINIATURE, make_miniature
from support.project import contents

from figurebook.datapackage.tables import read_package


@pytest.mark.parametrize(
    ("path", "value"), [("crews basis", "recorded "), ("figures schema", GONE), ("crews path", GONE)]
)
def test_no_command_ends_in_a_traceback_over_it(tmp_path, path, value):
    package = read_package(MINIATURE / "data")
    project = make_miniature(tmp_path / "project")
    put(package, path, value)
    rewrite(project / "data", package)
    before = contents(project)
    told = run_together(project, "verify", "seal --check", "refresh", "book", "check x", "usb")
    for command, said in told.items():
        assert (said.code, "Traceback" in said.error) == (2, False), f"{command}\n{said.error}"
        assert "文件 datapackage.json" in said.error
    assert contents(project) == before
