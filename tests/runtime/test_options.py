"""`NASCOMPILE_CONFIG`: as text or file, with precise errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from nascompile_runtime.options import Options, OptionsError, read_options


def test_there_are_defaults() -> None:
    assert read_options() == Options()
    assert (Options().controller, Options().seed, Options().optimize_mode, Options().r) == (
        "random",
        0,
        "maximize",
        0.01,
    )


def test_options_are_json_text_or_the_path_of_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = '{"seed": 7, "r": 0.05, "ramp_steps": 10, "drop_candidates": true, "optimize_mode": "minimize"}'
    expected = Options(seed=7, r=0.05, ramp_steps=10, drop_candidates=True, optimize_mode="minimize")
    monkeypatch.setenv("NASCOMPILE_CONFIG", f" {text}\n")
    assert read_options() == expected
    (tmp_path / "search.json").write_text(text)
    monkeypatch.setenv("NASCOMPILE_CONFIG", str(tmp_path / "search.json"))
    assert read_options() == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"sead": 7}', "unknown field `sead`; the options are controller, seed, .* \\(did you mean 'seed'\\?\\)"),
        ('{"qqq": 7}', "unknown field `qqq`; the options are controller, .*drop_candidates"),
        ('{"seed": "7"}', r"Expected `int`, got `str` - at `\$.seed`"),
        ('{"r": 0}', r"Expected `float` > 0.* - at `\$.r`"),
        ('{"r": 1.0}', r"Expected `float` < 1.* - at `\$.r`"),
        ('{"ramp_steps": -1}', r"Expected `int` >= 0 - at `\$.ramp_steps`"),
        ('{"learning_rate": 0}', r"Expected `float` > 0.* - at `\$.learning_rate`"),
        ('{"baseline_decay": 1}', r"Expected `float` < 1.* - at `\$.baseline_decay`"),
        ('{"population_size": 0}', r"Expected `int` >= 1 - at `\$.population_size`"),
        ('{"checkpoint": 1}', r"Expected `str`, got `int` - at `\$.checkpoint`"),
        ('{"optimize_mode": "max"}', r"Invalid enum value 'max' - at `\$.optimize_mode`"),
        ('{"seed": 7', "Input data was truncated"),
        ("[]", "Expected `object`, got `array`"),
    ],
)
def test_wrong_options_say_what_is_wrong(monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", text)
    with pytest.raises(OptionsError, match=f"^NASCOMPILE_CONFIG: .*{message}"):
        read_options()


def test_wrong_options_in_a_file_name_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "search.json"
    monkeypatch.setenv("NASCOMPILE_CONFIG", str(path))
    with pytest.raises(OptionsError, match=r"NASCOMPILE_CONFIG: cannot read '.*search\.json': No such file"):
        read_options()
    path.write_text("{")
    with pytest.raises(OptionsError, match=r"search\.json: Input data was truncated"):
        read_options()
    path.write_bytes(b"\xff")
    with pytest.raises(OptionsError, match=r"search\.json: not UTF-8"):
        read_options()
