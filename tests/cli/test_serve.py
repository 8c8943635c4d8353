"""`isthmus serve` as a process: its line, its lock, its drain, its death."""

import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import trustme

from tests.rig import bodies
from tests.rig.black_box import COMMAND, environment, run, serving


@contextmanager
def process(data: Path, *options: str, **env: str) -> Iterator["subprocess.Popen[str]"]:
    """Start `serve` with its stdout in a pipe."""
    with subprocess.Popen(
        (*COMMAND, "serve", "--port", "0", "--data", str(data), *options),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(env),
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def test_one_line_on_stdout_and_a_clean_end(tmp_path: Path) -> None:
    with process(tmp_path / "data") as serve:
        assert serve.stdout is not None
        line = serve.stdout.readline()
        found = re.fullmatch(r"isthmus ready on (http://127\.0\.0\.1:\d+)\n", line)
        assert found
        assert requests.get(f"{found[1]}/readyz", timeout=10).json() == {"status": "ready"}
        serve.send_signal(signal.SIGTERM)
        out, err = serve.communicate(timeout=30)
        assert (out, serve.returncode) == ("", 0), err
    assert (tmp_path / "data" / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.hostile(170)
def test_a_second_serve_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as service:
        second = run("serve", "--port", "0", "--data", str(service.data))
        assert second.returncode == 1
        assert "already using the data folder" in second.stderr
        assert second.stdout == ""
        assert service.call("GET", "/v1/tokenInfo").status_code == 200


EVERYWHERE = "0.0.0.0"  # noqa: S104  # on purpose


@pytest.mark.parametrize("host", [EVERYWHERE, "::"])
def test_plain_http_beyond_loopback_needs_to_be_asked_for(tmp_path: Path, host: str) -> None:
    refused = run("serve", "--host", host, "--port", "0", "--data", str(tmp_path / "data"))
    assert refused.returncode == 1
    assert "--insecure" in refused.stderr
    assert "--tls-cert" in refused.stderr


def test_insecure_allows_it(tmp_path: Path) -> None:
    with process(tmp_path / "data", "--host", EVERYWHERE, "--insecure") as serve:
        assert serve.stdout is not None
        assert serve.stdout.readline().startswith(f"isthmus ready on http://{EVERYWHERE}:")


def test_https_with_a_certificate(tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    options = ("--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem"))
    with process(tmp_path / "data", *options) as serve:
        assert serve.stdout is not None
        url = serve.stdout.readline().split()[-1]
        assert url.startswith("https://127.0.0.1:")
        assert requests.get(f"{url}/healthz", verify=str(tmp_path / "ca.pem"), timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--tls-cert", "nowhere.pem"), "ISTHMUS_TLS_KEY"),
        (("--tls-cert", "nowhere.pem", "--tls-key", "nowhere.pem"), "certificate"),
        (("--host", "not an address"), "not an address"),
        (("--rate-limit", "fast"), "ISTHMUS_RATE_LIMIT"),
        (("--public-url", "example.com"), "ISTHMUS_PUBLIC_URL"),
        (("--egress-allow", "10.0.0.0/99"), "10.0.0.0/99"),
        (("--database", "mysql://x"), "postgresql://"),
        (("--log-level", "loud"), "ISTHMUS_LOG_LEVEL"),
        (("--key-file", "/dev/null/key"), "/dev/null/key"),
    ],
)
def test_bad_settings_are_one_clear_line(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    refused = run("serve", "--port", "0", "--data", str(tmp_path / "data"), *options)
    assert refused.returncode == 1, refused.stderr
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


def test_a_port_that_is_taken_is_one_clear_line(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        refused = run("serve", "--port", port, "--data", str(tmp_path / "data"))
    assert refused.returncode == 1
    assert refused.stderr == f"isthmus: Cannot listen on 127.0.0.1 port {port}: Address already in use.\n"


@pytest.mark.parametrize(
    ("options", "status"), [(("--port", "x"), 2), (("--port", "70000"), 1), (("--nonsense",), 2), (("extra",), 2)]
)
def test_wrong_options_are_refused(options: tuple[str, ...], status: int) -> None:
    refused = run("serve", *options)
    assert refused.returncode == status
    assert "Traceback" not in refused.stderr


@pytest.mark.hostile(159)
def test_sigterm_finishes_what_is_in_flight(tmp_path: Path) -> None:
    """A ping whose target answers only after the signal is still answered; nothing new gets in."""
    with closing(socket.create_server(("127.0.0.1", 0))) as target, serving(tmp_path / "data") as service:
        port = target.getsockname()[1]
        body = bodies.connection()
        body["http"] |= {"baseURI": f"http://127.0.0.1:{port}", "ping": {"relativeURI": "/"}}
        id_ = service.create("connections", body)["_id"]
        answers: list[requests.Response] = []
        caller = threading.Thread(target=lambda: answers.append(service.call("POST", f"/v1/connections/{id_}/ping")))
        with requests.Session() as kept_open:
            assert kept_open.get(f"{service.url}/readyz", timeout=10).status_code == 200
            caller.start()
            wire, _ = target.accept()
            wire.recv(65_536)
            service.process.send_signal(signal.SIGTERM)
            _until_refused(service.url)
            assert not answers
            wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
            wire.close()
        caller.join(30)
        assert answers[0].status_code == 200
        assert answers[0].json() == {"code": 200}
        assert service.process.wait(30) == 0


def _until_refused(url: str) -> None:
    address = urlsplit(url)
    for _ in range(500):
        try:
            socket.create_connection((address.hostname, address.port), timeout=5).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.02)
    pytest.fail("it goes on accepting")


@pytest.mark.hostile(159)
def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as target, serving(tmp_path / "data") as service:
        body = bodies.connection()
        body["http"] |= {"baseURI": f"http://127.0.0.1:{target.getsockname()[1]}", "ping": {"relativeURI": "/"}}
        id_ = service.create("connections", body)["_id"]

        def ask() -> None:
            with suppress(requests.ConnectionError):
                assert service.call("POST", f"/v1/connections/{id_}/ping").status_code == 503

        caller = threading.Thread(target=ask)
        caller.start()
        wire, _ = target.accept()
        service.process.send_signal(signal.SIGTERM)
        _until_refused(service.url)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(20) == 0
        wire.close()
        caller.join(20)


@pytest.mark.hostile(160)
def test_kill_9_loses_no_acknowledged_write(tmp_path: Path) -> None:
    acknowledged: dict[str, str] = {}
    rounds = 10 if os.environ.get("ISTHMUS_SOAK") else 2
    for round_ in range(rounds):
        with serving(tmp_path / "data") as service:
            _write_until_dead(service, acknowledged, round_)
    with serving(tmp_path / "data") as service:
        for id_, name in acknowledged.items():
            document = service.call("GET", f"/v1/connections/{id_}").json()
            assert document["name"] == name
            assert document["http"]["auth"]["token"]["token"] == "******"
            events = service.call("GET", f"/v1/connections/{id_}/audit").json()
            assert [event["event"] for event in events] == ["create"]
            # The secret opens: a PUT that keeps it is taken, and the target is told it.
            assert service.call("PUT", f"/v1/connections/{id_}", document).status_code == 200
    assert len(acknowledged) >= 5 * rounds


def _write_until_dead(service: "object", acknowledged: dict[str, str], round_: int) -> None:
    from tests.rig.black_box import Service  # noqa: PLC0415  # for its type alone

    assert isinstance(service, Service)

    def write(writer: int) -> None:
        for number in range(10_000):
            name = f"{round_}-{writer}-{number}"
            try:
                answer = service.call("POST", "/v1/connections", bodies.connection(name=name))
            except requests.RequestException:
                return
            if answer.status_code == 201:
                acknowledged[answer.json()["_id"]] = name

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    before = len(acknowledged)
    for writer in writers:
        writer.start()
    while len(acknowledged) < before + 10 and any(writer.is_alive() for writer in writers):
        time.sleep(0.005)
    service.process.kill()
    for writer in writers:
        writer.join(30)


def test_another_key_refuses_to_start(tmp_path: Path) -> None:
    with serving(tmp_path / "one"):
        pass
    with serving(tmp_path / "two"):
        pass
    (tmp_path / "one" / "key").write_bytes((tmp_path / "two" / "key").read_bytes())
    refused = run("serve", "--port", "0", "--data", str(tmp_path / "one"))
    assert refused.returncode == 1
    assert "ISTHMUS_KEY_FILE" in refused.stderr


def test_a_lost_key_is_not_made_anew(tmp_path: Path) -> None:
    with serving(tmp_path / "data"):
        pass
    (tmp_path / "data" / "key").unlink()
    refused = run("serve", "--port", "0", "--data", str(tmp_path / "data"))
    assert refused.returncode == 1
    assert "ISTHMUS_KEY_FILE" in refused.stderr
    assert not (tmp_path / "data" / "key").exists()


@pytest.mark.hostile(29)
def test_neither_logs_nor_the_command_line_show_secrets(tmp_path: Path) -> None:
    env = {"ISTHMUS_LOG_LEVEL": "debug", "ISTHMUS_ACCESS_LOG": "1"}
    with serving(tmp_path / "data", env) as service:
        id_ = service.create("connections", bodies.connection())["_id"]
        service.call("GET", f"/v1/connections/{id_}?token={service.token}")
        service.call("POST", f"/v1/connections/{id_}/ping")
        assert service.token not in Path(f"/proc/{service.process.pid}/cmdline").read_text(encoding="utf-8")
    log = (tmp_path / "data.log").read_text(encoding="utf-8")
    assert '"route": "/v1/connections/{id}"' in log
    assert "s3cret" not in log
    assert service.token not in log
    assert id_ not in log
