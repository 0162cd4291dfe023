#!/usr/bin/env python3
"""dueprocess serve as its users meet it: over sockets, killed and started again, by slow, greedy and broken clients.

    test_serve.py BINARY [TEST ...]
"""
import datetime
import hashlib
import hmac
import http.client
import http.server
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

BINARY = sys.argv.pop(1) if __name__ == "__main__" else "dueprocess"
PATIENCE = 60  # seconds for anything at all; the machine may be busy


class Serve:
    """The service, started and listened to until it says where it is."""

    def __init__(self, *options, clock="virtual", env=None):
        command = [BINARY, "serve", "--listen", "127.0.0.1:0", "--clock", clock, *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.process.communicate()[1])
        self.url = line.split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])
        self.tokens = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.out, self.err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def socket(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def ask(self, method, path, body=None, user=None, headers=None, connection=None):
        fields = dict(headers or {})
        if user:
            fields["Authorization"] = "Bearer " + self.token(user)
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        one = connection or self.connect()
        one.request(method, path, body=body, headers=fields)
        answer = one.getresponse()
        text = answer.read()
        if not connection:
            one.close()
        return answer.status, (json.loads(text) if text else None)

    def token(self, user):
        if user not in self.tokens:
            password = "operator" if user == "operator" else "secret"
            self.tokens[user] = self.ask("POST", "/v1/login", {"user": user, "password": password})[1]["token"]
        return self.tokens[user]

    def place(self, due="2026-03-04T00:00:00Z"):
        return self.ask("POST", "/v1/orders", {"seller": "u2", "due_at": due, "price_cents": 5000}, "u1")[1]["order"]["id"]

    def deliver(self, order):
        return self.ask("POST", f"/v1/orders/{order}/deliveries", {"description": "done", "confirm_no_file": True}, "u2")


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def later(text, seconds):
    return (instant(text) + datetime.timedelta(seconds=seconds)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_all(sock):
    text = b""
    while True:
        piece = sock.recv(65536)
        if not piece:
            return text
        text += piece


class Operations(unittest.TestCase):
    def test_says_where_it_is_and_goodbye(self):
        with tempfile.TemporaryDirectory() as folder:
            ready = os.path.join(folder, "ready")
            serve = Serve("--ready-file", ready)
            with open(ready) as file:
                self.assertEqual(file.read().strip(), serve.url)
            serve.place()
            token = serve.token("u1")
            self.assertEqual(serve.stop(signal.SIGINT), 0)
            self.assertIn("1 orders", serve.err)
            self.assertNotIn(token, serve.err)
            self.assertNotIn("secret", serve.err)

    def test_a_port_in_use_is_told(self):
        with Serve() as serve:
            second = subprocess.run([BINARY, "serve", "--listen", f"127.0.0.1:{serve.port}"], capture_output=True, text=True)
            self.assertEqual(second.returncode, 3)
            self.assertIn("cannot listen", second.stderr)

    def test_bad_usage(self):
        for options in (["--listen", "8080"], ["--clock", "solar"], ["--bug", "B99"], ["--policy", "/nowhere"],
                        ["--timers", "late"], ["--clock", "virtual", "--speed", "2"], ["--cert", "x"], ["--webhook", "ftp://x"]):
            run = subprocess.run([BINARY, "serve", *options], capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual(run.returncode, 64, options)
            self.assertTrue(run.stderr)

    def test_policy_from_a_file_and_from_a_scenario(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("review_period: 1h\nreview_anchor: delivery\n")
            file.flush()
            with Serve("--policy", file.name) as serve:
                self.assertEqual(serve.deliver(serve.place())[1]["order"]["deadline"], "2026-03-02T01:00:00.000000Z")

    def test_pipelined_requests_are_answered_in_order(self):
        with Serve() as serve, serve.socket() as sock:
            token = serve.token("u1")
            head = f"GET /v1/orders?limit=%d HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
            sock.sendall("".join(head % n for n in (1, 0, 2)).encode() + b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answers = read_all(sock).split(b"HTTP/1.1 ")[1:]
            self.assertEqual([a[:3] for a in answers], [b"200", b"422", b"200", b"200"])

    def test_wall_clock_timers_fire(self):
        with Serve("--speed", "259200", clock="wall") as serve:  # three days are a second
            now = serve.ask("GET", "/v1/orders", user="u1")[1]["now"]
            order = serve.place(later(now, 0.2))
            self.assertEqual(serve.deliver(order)[0], 200)
            seen, after = [], "0"
            while not any(e["kind"] == "payment" for e in seen):
                page = serve.ask("GET", f"/v1/events?after={after}&wait=30", user="operator")[1]
                seen, after = seen + page["events"], page["next"]
            view = serve.ask("GET", f"/v1/orders/{order}", user="u1")[1]["order"]
            self.assertEqual((view["state"], view["completed_by"]), ("completed", "auto"))

    def test_late_long_poll_and_stream(self):
        with Serve("--threads", "2") as serve:
            order = serve.place()
            waiting = serve.connect()
            waiting.request("GET", "/v1/events?after=1&wait=50", headers={"Authorization": "Bearer " + serve.token("u1")})
            stream = serve.connect()
            stream.request("GET", "/v1/events", headers={"Authorization": "Bearer " + serve.token("u1"), "Accept": "text/event-stream"})
            coming = stream.getresponse()
            self.assertEqual(coming.readline(), b"id: 1\n")
            serve.deliver(order)
            answer = json.loads(waiting.getresponse().read())
            self.assertEqual(answer["events"][0]["state"], "delivered")
            self.assertTrue(coming.readline().startswith(b"data: {"))
            coming.readline()
            self.assertEqual(coming.readline(), b"id: 2\n")
            again = serve.connect()
            again.request("GET", "/v1/events", headers={"Authorization": "Bearer " + serve.token("u1"), "Accept": "text/event-stream",
                                                        "Last-Event-ID": "2"})
            self.assertEqual(again.getresponse().readline(), b"id: 3\n")
            for one in (waiting, stream, again):
                one.close()

    def test_stopping_answers_who_waits(self):
        serve = Serve()
        waiting = serve.connect()
        waiting.request("GET", "/v1/events?wait=60", headers={"Authorization": "Bearer " + serve.token("u1")})
        serve.ask("GET", "/healthz")
        serve.process.send_signal(signal.SIGTERM)
        self.assertEqual(waiting.getresponse().status, 200)
        self.assertEqual(serve.stop(), 0)


class Uploads(unittest.TestCase):
    def test_a_file_is_kept_and_one_that_breaks_off_is_not(self):
        with tempfile.TemporaryDirectory() as folder, Serve("--keep-files", folder) as serve:
            order = serve.place()
            data = os.urandom(3_000_000)
            status, answer = serve.ask("POST", f"/v1/orders/{order}/attachments?name=x", data, "u2")
            self.assertEqual((status, answer["attachment"]["sha256"]), (201, hashlib.sha256(data).hexdigest()))
            with open(os.path.join(folder, "a1"), "rb") as file:
                self.assertEqual(file.read(), data)
            sock = serve.socket()
            sock.sendall(f"POST /v1/orders/{order}/attachments?name=y HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nAuthorization: Bearer "
                         f"{serve.token('u2')}\r\n\r\nabc".encode())
            sock.close()
            while "dueprocess_uploads_aborted_total 1" not in self.metrics(serve):
                pass
            self.assertEqual(os.listdir(folder), ["a1"])

    @staticmethod
    def metrics(serve):
        one = serve.connect()
        one.request("GET", "/metrics")
        text = one.getresponse().read().decode()
        one.close()
        return text

    def test_chunks_and_the_limit_while_they_come(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("max_file_size: 100kB\n")
            file.flush()
            with Serve("--policy", file.name) as serve:
                order = serve.place()
                path = f"/v1/orders/{order}/attachments?name=x"
                one = serve.connect()
                one.request("POST", path, body=iter([b"a" * 50_000] * 2), headers={"Authorization": "Bearer " + serve.token("u2")},
                            encode_chunked=True)
                self.assertEqual(one.getresponse().status, 201)
                one.close()
                with serve.socket() as sock:
                    sock.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nAuthorization: Bearer "
                                 f"{serve.token('u2')}\r\n\r\n".encode())
                    sock.sendall(b"186a1\r\n" + b"b" * 100_001 + b"\r\n")  # and nothing more: it is refused while it comes
                    self.assertTrue(sock.recv(12).startswith(b"HTTP/1.1 413"))

    def test_too_large_is_refused_before_a_byte_is_read(self):
        with Serve() as serve, serve.socket() as sock:
            order = serve.place()
            sock.sendall(f"POST /v1/orders/{order}/attachments?name=x HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000001\r\nExpect: "
                         f"100-continue\r\nAuthorization: Bearer {serve.token('u2')}\r\n\r\n".encode())
            self.assertIn(b"file_too_large", read_all(sock))
        with Serve() as serve, serve.socket() as sock:
            order = serve.place()
            sock.sendall(f"POST /v1/orders/{order}/attachments?name=x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: "
                         f"100-continue\r\nAuthorization: Bearer {serve.token('u2')}\r\n\r\n".encode())
            self.assertEqual(sock.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            sock.sendall(b"abc")
            self.assertTrue(sock.recv(100).startswith(b"HTTP/1.1 201"))


class Hostile(unittest.TestCase):
    def test_broken_requests_end_in_an_answer(self):
        with Serve() as serve:
            for text, status in ((b"\x16\x03\x01\x02\x00", 400), (b"GET / HTTP/1.1\r\n\r\n", 400), (b"GET / HTTP/3.0\r\nHost: x\r\n\r\n", 400),
                                 (b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\n folded\r\n\r\n", 400),
                                 (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
                                 (b"POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
                                 (b"POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400),
                                 (b"POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n", 413),
                                 (b"POST /v1/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
                                 (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n", 431)):
                with serve.socket() as sock:
                    sock.sendall(text)
                    self.assertTrue(read_all(sock).startswith(b"HTTP/1.1 %d" % status), text[:60])
            self.assertEqual(serve.ask("GET", "/healthz")[0], 200)

    def test_wrong_tokens(self):
        with Serve() as serve:
            for token in ("Bearer", "Bearer ", "Bearer x", "Bearer " + "0" * 32, "Basic dTE6c2VjcmV0", "Bearer " + "0" * 5000):
                self.assertEqual(serve.ask("GET", "/v1/orders", headers={"Authorization": token})[0], 401)

    def test_over_the_limit_of_connections(self):
        with Serve("--connections", "2") as serve:
            first, second = serve.socket(), serve.socket()
            first.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            second.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            first.recv(10), second.recv(10)
            with serve.socket() as third:
                answer = read_all(third)
            self.assertTrue(answer.startswith(b"HTTP/1.1 503"))
            self.assertIn(b"Retry-After", answer)
            first.close(), second.close()

    def test_a_silent_one_holds_nobody_up(self):
        with Serve() as serve:
            slow = [serve.socket() for _ in range(50)]
            for sock in slow:
                sock.sendall(b"GET /healthz HTTP/1.1\r\nHos")
            self.assertEqual(serve.ask("GET", "/healthz")[0], 200)
            self.assertTrue(read_all(slow[0]).startswith(b"HTTP/1.1 408"))
            for sock in slow:
                sock.close()


class Kept(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "orders.db")
        self.addCleanup(self.folder.cleanup)

    def test_killed_in_the_middle_nothing_answered_is_lost(self):
        serve = Serve("--data", self.path, "--threads", "2")
        answered, lock = [], threading.Lock()

        def work(user):
            try:
                one, token = serve.connect(), serve.token(user)
                for n in range(100_000):
                    body = {"seller": "u0", "due_at": "2026-03-04T00:00:00Z", "price_cents": n + 1}
                    fields = {"Authorization": "Bearer " + token, "Idempotency-Key": f"k{n}"}
                    one.request("POST", "/v1/orders", json.dumps(body), fields)
                    answer = one.getresponse()
                    text = answer.read()
                    with lock:
                        answered.append((user, n, body, text))
                        if len(answered) == 200:
                            serve.process.kill()
            except (OSError, http.client.HTTPException):
                pass

        threads = [threading.Thread(target=work, args=(f"u{n}",)) for n in range(1, 5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        tokens = serve.tokens
        serve.stop()
        self.assertGreaterEqual(len(answered), 200)
        with Serve("--data", self.path) as again:
            again.tokens = tokens
            for user, n, body, text in answered:
                one = again.connect()
                one.request("POST", "/v1/orders", json.dumps(body),
                            {"Authorization": "Bearer " + again.token(user), "Idempotency-Key": f"k{n}"})
                self.assertEqual(one.getresponse().read(), text)
                one.close()

    def test_overdue_timers_fire_at_the_start_unless_they_are_lost(self):
        for bugs, state in (([], "completed"), (["--bug", "B30"], "delivered")):
            path = self.path + "".join(bugs)
            options = ["--data", path, "--speed", "2592000", *bugs]  # three days are a tenth of a second
            serve = Serve(*options, clock="wall")
            now = serve.ask("GET", "/v1/orders", user="u1")[1]["now"]
            deadline = serve.deliver(serve.place(later(now, 1)))[1]["order"]["deadline"]
            serve.stop(signal.SIGKILL)
            while datetime.datetime.now(datetime.timezone.utc) <= instant(deadline):
                pass
            with Serve(*options, clock="wall") as again:
                again.tokens = serve.tokens
                view = again.ask("GET", "/v1/orders/o1", user="u1")[1]["order"]
                self.assertEqual(view["state"], state)
                if state == "completed":
                    self.assertEqual(view["completed_at"], deadline)

    def test_files_that_cannot_be_used(self):
        with Serve("--data", self.path) as serve:
            serve.place()
            self.refused(["--data", self.path], "another process")
        self.refused(["--data", self.path, "--bug", "B05"], "other rules")
        with open(os.path.join(self.folder.name, "text"), "w") as file:
            file.write("not a database at all, but long enough to be looked at" * 100)
        self.refused(["--data", file.name], "not a data file")
        size = os.path.getsize(self.path)
        with open(self.path, "r+b") as file:
            file.seek(size // 2)
            file.write(b"\xff" * (size - size // 2))
        self.refused(["--data", self.path], self.path)

    def refused(self, options, why):
        run = subprocess.run([BINARY, "serve", "--listen", "127.0.0.1:0", "--clock", "virtual", *options], capture_output=True,
                             text=True, timeout=PATIENCE)
        self.assertEqual(run.returncode, 74, run.stderr)
        self.assertIn(why, run.stderr)


class Webhooks(unittest.TestCase):
    def test_signed_in_order_and_again_until_they_are_taken(self):
        calls, done = [], threading.Event()

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                calls.append((self.headers["X-Dueprocess-Signature"], body, self.path))
                self.send_response(503 if len(calls) == 1 else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                if len(calls) > 1 and b'"payment"' in body:
                    done.set()

            def log_message(self, *_):
                pass

        receiver = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("shared\n")
            file.flush()
            with Serve("--webhook", f"http://127.0.0.1:{receiver.server_port}/hooks", "--webhook-secret-file", file.name) as serve:
                order = serve.place()
                serve.deliver(order)
                serve.ask("POST", f"/v1/orders/{order}/acceptance", {}, "u1")
                self.assertTrue(done.wait(PATIENCE))
        receiver.shutdown()
        cursors = []
        for signature, body, path in calls:
            self.assertEqual((path, signature), ("/hooks", "sha256=" + hmac.new(b"shared", body, "sha256").hexdigest()))
        for _, body, _ in calls[1:]:
            cursors += [int(e["cursor"]) for e in json.loads(body)["events"]]
        self.assertEqual(cursors, list(range(1, len(cursors) + 1)))


class Tls(unittest.TestCase):
    def test_over_tls(self):
        with tempfile.TemporaryDirectory() as folder:
            key, cert = os.path.join(folder, "key"), os.path.join(folder, "cert")
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
                            "-out", cert, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
                           check=True, capture_output=True)
            with Serve("--cert", cert, "--key", key) as serve:
                context = ssl.create_default_context(cafile=cert)
                one = http.client.HTTPSConnection("127.0.0.1", serve.port, context=context, timeout=PATIENCE)
                for _ in range(3):
                    one.request("POST", "/v1/login", json.dumps({"user": "u1", "password": "secret"}))
                    self.assertEqual(one.getresponse().read()[:10], b'{"token":"')
                one.close()
            run = subprocess.run([BINARY, "serve", "--cert", key, "--key", key, "--listen", "127.0.0.1:0"], capture_output=True, text=True,
                                 timeout=PATIENCE)
            self.assertEqual(run.returncode, 3)


if __name__ == "__main__":
    unittest.main(verbosity=1)
