"""A relay on loopback to a server's socket that breaks its first connections off after so many bytes.

A process of its own: Polars holds Python still while it reads a stream.

    python relay.py SOCKET [BYTES ...]      prints its port, then a line per connection
"""

import socket
import sys
import threading
from contextlib import suppress


def relay(one: socket.socket, other: socket.socket, limit: int | None) -> None:
    sent = 0
    with suppress(OSError):
        while data := one.recv(65536):
            sent += len(data)
            if limit is not None and sent > limit:
                break
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def main(target: str, cuts: list[int]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            client, _ = listener.accept()
            print("connected", flush=True)
            server = socket.socket(socket.AF_UNIX)
            server.connect(target)
            limit = cuts.pop(0) if cuts else None
            threading.Thread(target=relay, args=(client, server, None), daemon=True).start()
            threading.Thread(target=relay, args=(server, client, limit), daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1], [int(word) for word in sys.argv[2:]])
