"""Stand-ins of ours for radios, cores and attenuators: as far as their documented messages go."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class RemoteApi:
    """Amarisoft's remote API on a WebSocket: `cells` of the radio, `devices` of the core."""

    def __init__(self, cells=None, devices=None):
        from websockets.sync.server import serve

        self.cells = cells if cells is not None else {}
        self.nr_cells = {}
        self.devices = devices if devices is not None else []
        self.asked, self.writes = [], []
        self.chatter = False
        self.slow_s = 0.0
        self.greeting = {"message": "ready", "type": "ENB", "name": "ENB", "version": "2024-06-15"}
        self._server = serve(self._serve, "127.0.0.1", 0, compression=None)
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()

    def _serve(self, link):
        assert link.request.headers.get("Origin")
        link.send(json.dumps(self.greeting))
        for text in link:
            message = json.loads(text)
            self.asked.append(message)
            if self.chatter:
                link.send(json.dumps({"message": "log_get", "logs": []}))
            time.sleep(self.slow_s)
            link.send(json.dumps({**self._answer(message), "message_id": message["message_id"]}))

    def _answer(self, message):
        name = message["message"]
        if name == "config_get":
            return {"message": name, "version": "x", "cells": self.cells, "nr_cells": self.nr_cells}
        if name == "ue_get":
            return {"message": name, "ue_list": self.devices}
        if name == "cell_gain":
            cell = self.cells.get(str(message["cell_id"])) or self.nr_cells.get(str(message["cell_id"]))
            if cell is None or not -200 <= message["gain"] <= 0:
                return {"message": name, "error": "cell not found"}
            cell["gain"] = message["gain"]
            self.writes.append(message)
            return {"message": name}
        return {"message": name, "error": "unknown message"}


class Web:
    """An HTTP server: `answers` by path, a text or what makes one of the path; None is 404."""

    def __init__(self, answer):
        self.asked = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                body = answer(self.path)
                self.send_response(200 if body is not None else 404)
                self.end_headers()
                self.wfile.write((body or "").encode())

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Attenuator(Web):
    """A Mini-Circuits RC4DAT-6G-95. `refuses`: it answers 0 to every write."""

    def __init__(self):
        self.db = dict.fromkeys(range(1, 5), 95.0)
        self.refuses = False
        self.model = "MN=RC4DAT-6G-95"
        super().__init__(self._told)

    def _told(self, path):
        words = path.strip("/").split(":")
        if path == "/MN?":
            return self.model
        if path == "/SN?":
            return "SN=11700010099"
        if words[:2] == ["", "CHAN"] and words[3] == "ATT?":
            return f"{self.db[int(words[2])]:.2f}" if int(words[2]) in self.db else "0"
        if words[:2] == ["", "CHAN"] and words[3] == "SETATT":
            if self.refuses or not 0 <= float(words[4]) <= 95:
                return "0"
            self.db[int(words[2])] = float(words[4])
            return "1"
        return None
