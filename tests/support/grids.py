"""Read bytes as a user's file, and give the cells that were read."""

from figurebook.spreadsheets.reading.grid import Grid
from figurebook.spreadsheets.reading.grids import read_grids


def read(tmp_path, data: bytes, name: str = "t.xlsx"):
    (tmp_path / name).write_bytes(data)
    return read_grids(tmp_path / name)


def cells_of(grid: Grid) -> list[list[str]]:
    return grid.frame.to_numpy().tolist()


def sound(tmp_path, data: bytes, name: str = "t.xlsx") -> list[list[str]]:
    """The cells of the only table, which must have no problem."""
    grids, _, problems = read(tmp_path, data, name)
    assert problems == []
    assert len(grids) == 1
    return cells_of(grids[0])
