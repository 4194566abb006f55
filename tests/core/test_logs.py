"""Loggers that load the standard library's when there is something to say or somebody who listens."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from pinecone_core.logs import DEBUG, INFO, Log

LOG = Log("pinecone.tests")


def test_what_is_heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pinecone.tests")
    assert (LOG.listens(INFO), LOG.listens(DEBUG)) == (True, False)
    LOG.debug("not %s", "heard")
    LOG.info("said %d", 1)
    LOG.warning("warned %s and %s", "a", "b")
    try:
        raise ValueError("gone wrong")
    except ValueError:
        LOG.exception("failed at %s", "it")
    caplog.set_level(logging.DEBUG, "pinecone.tests")
    LOG.debug("heard %s", "now")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "said 1"),
        ("WARNING", "warned a and b"),
        ("ERROR", "failed at it"),
        ("DEBUG", "heard now"),
    ]
    assert {record.name for record in caplog.records} == {"pinecone.tests"}
    assert caplog.records[2].exc_info is not None


def test_nothing_is_loaded_for_what_nobody_hears() -> None:
    code = (
        "import sys; from pinecone_core.logs import DEBUG, INFO, Log; log = Log('pinecone.tests')\n"
        "assert not log.listens(INFO); log.info('x'); log.debug('x'); assert 'logging' not in sys.modules\n"
        "log.warning('heard %s', 'all the same')"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stderr == "heard all the same\n"
