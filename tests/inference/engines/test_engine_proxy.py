"""A proxy does all that the protocol has, by the other engine."""

import inspect

import pytest

from multistyle.inference.engines.engine import Engine
from multistyle.inference.engines.engine_proxy import EngineProxy

NAMES = [name for name in vars(Engine) if not name.startswith("_")]


class Recorded:
    """Answers everything by its name, and by what it was given."""

    def __getattr__(self, name):
        if isinstance(vars(Engine)[name], property):
            return name
        return lambda *given: (name, *given)


@pytest.mark.parametrize("name", NAMES)
def test_it_hands_on(name):
    found = getattr(EngineProxy(Recorded()), name)
    if isinstance(vars(Engine)[name], property):
        assert found == name
        return
    given = list(inspect.signature(found).parameters)
    assert found(*given) == (name, *given)
