"""The content store: bytes kept once, under the name of their SHA-256, and safe on the disk before a row names them."""

import errno
import hashlib
import os
import re
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, NamedTuple

from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

CHUNK = 256 * 1024
NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
AT_ONCE = 16  # files that a disk is asked to write at the same time
YOUNG = 24 * 60 * 60  # a file may wait this many seconds for the row that names it
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NAME = re.compile(r"[0-9a-f]{64}")
VARIANT = re.compile(r"[a-z0-9-]{1,40}")


class StorageFull(Refused):
    """The disk has no room for the file; nothing of it was kept."""

    says = _l("There is no room to store the file now. Nothing was lost: try again later, or send it without the file.")
    status = 507


class StoredFile(NamedTuple):
    sha256: str
    size: int


class Store:
    """A folder of files named by content; what is made from them stands in `made/`; half ones end in `.tmp`."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self._thread = threading.local()

    def put(self, data: bytes | BinaryIO) -> StoredFile:
        """Keeps these bytes and answers their name; the same bytes twice are one file.

        When it returns, the file and its folder entry are on the disk: a row that names it may be committed. Inside
        `together` that holds at its end.
        """
        with _room_or_refusal(), _half_written(self.folder) as half:
            digest, size = hashlib.sha256(), 0
            for chunk in _chunks(data):
                half.file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            stored = StoredFile(digest.hexdigest(), size)
            if self._seen_again(stored):
                return stored
            half.file.flush()
            if self._batch is None:
                os.fsync(half.file.fileno())
                half.become(self.path(stored.sha256))
                self._sync()
            else:
                self._batch.take_over(half, self.path(stored.sha256))
        return stored

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is put within is safe on the disk when this ends, and not before; nothing of it is kept if it fails.

        A disk writes many files at once in little more time than one, and meanwhile the next ones are made ready.
        """
        batch = self._thread.batch = _Batch()
        try:
            yield
            with _room_or_refusal():
                batch.settle()
        finally:
            self._thread.batch = None
            batch.drop_rest()
        if batch.is_used:
            with _room_or_refusal():
                self._sync()

    @property
    def _batch(self) -> "_Batch | None":
        """What this thread puts together; None where each file is waited for."""
        return getattr(self._thread, "batch", None)

    def _sync(self) -> None:
        if self._batch is None:
            _fsync(self.folder)
        else:
            self._batch.is_used = True

    def path(self, sha256: str) -> Path:
        if not NAME.fullmatch(sha256):
            raise ValueError("not the name of a stored file")
        return self.folder / sha256

    def open(self, sha256: str) -> BinaryIO:
        return self.path(sha256).open("rb")

    def read(self, sha256: str) -> bytes:
        return self.path(sha256).read_bytes()

    def exists(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def remove(self, sha256: str) -> None:
        """Forgets the file and what was made from it; a file already gone is no error."""
        self.path(sha256).unlink(missing_ok=True)
        for made in self._made_folder(sha256).glob(f"{sha256}.*"):
            made.unlink(missing_ok=True)

    def derived(self, sha256: str, variant: str) -> Path:
        """Where what was made from a file (a thumbnail, a page as a picture) is kept; it may not be there yet."""
        if not VARIANT.fullmatch(variant) or not NAME.fullmatch(sha256):
            raise ValueError("not the name of something made from a stored file")
        return self._made_folder(sha256) / f"{sha256}.{variant}"

    def keep_derived(self, sha256: str, variant: str, data: bytes) -> Path:
        """Keeps what was made from a file. It can be made again, so it is not waited for on the disk."""
        place = self.derived(sha256, variant)
        with _room_or_refusal(), _half_written(self.folder) as half:
            half.file.write(data)
            half.file.flush()
            place.parent.mkdir(parents=True, exist_ok=True)
            half.become(place)
        return place

    def orphans(self, known: Iterable[str]) -> Iterator[str]:
        """The files that no row names, except young ones, whose row may still be on its way."""
        named, old = set(known), time.time() - YOUNG
        if not self.folder.exists():
            return
        for place in self.folder.iterdir():
            if NAME.fullmatch(place.name) and place.name not in named and _modified(place, default=time.time()) < old:
                yield place.name

    def sweep(self, known: Iterable[str]) -> int:
        """The daily cleaning: orphans and what was made from them, and half-written leftovers of a crash."""
        removed = 0
        for sha256 in self.orphans(known):
            self.remove(sha256)
            removed += 1
        for half in self.folder.glob("*.tmp"):
            if _modified(half, default=time.time()) < time.time() - YOUNG:
                half.unlink(missing_ok=True)
        return removed

    def _made_folder(self, sha256: str) -> Path:
        return self.folder / "made" / sha256[:2]

    def _seen_again(self, stored: StoredFile) -> bool:
        """True if the store has these bytes already. They are young again, so that a sweep waits for their new row."""
        place = self.path(stored.sha256)
        try:
            if os.stat(place).st_size != stored.size:  # a disk that lied: the good copy takes its place
                return False
            os.utime(place)
            self._sync()  # who put it first may not have come so far
        except FileNotFoundError:
            return False
        return True


class _Half:
    """A file under a name of its own until it is whole."""

    def __init__(self, place: str, file: BinaryIO) -> None:
        self.place, self.file = place, file
        self.is_named = self.is_taken = False

    def become(self, place: Path) -> None:
        os.replace(self.place, place)
        self.is_named = True

    def drop(self) -> None:
        if not self.is_named:
            Path(self.place).unlink(missing_ok=True)


class _Batch:
    """Files that are waited for together: each is on its way to the disk while the next is written."""

    def __init__(self) -> None:
        self._files: list[tuple[_Half, Path, Future[None]]] = []
        self.is_used = False

    def take_over(self, half: _Half, place: Path) -> None:
        half.is_taken = True
        self.is_used = True
        self._files.append((half, place, _waiters(os.getpid()).submit(_fsync, half.place)))

    def settle(self) -> None:
        """Gives them their names once all are on the disk. Raises OSError."""
        for _, _, written in self._files:
            written.result()
        for half, place, _ in self._files:
            half.become(place)

    def drop_rest(self) -> None:
        for half, _, written in self._files:
            written.cancel()
            half.drop()


@contextmanager
def _half_written(folder: Path) -> Iterator[_Half]:
    """A temporary file that is gone afterwards unless it was given its name, or to a batch that will."""
    place = f"{folder}/{token_hex(12)}.tmp"
    try:
        number = os.open(place, NEW, 0o600)
    except FileNotFoundError:  # the first file of all
        folder.mkdir(parents=True, exist_ok=True)
        number = os.open(place, NEW, 0o600)
    half = _Half(place, os.fdopen(number, "wb"))
    try:
        with half.file:
            yield half
    finally:
        if not half.is_taken:
            half.drop()


@contextmanager
def _room_or_refusal() -> Iterator[None]:
    """Turns the system's ways to say "disk full" into the refusal a person can read."""
    try:
        yield
    except OSError as problem:
        if problem.errno in FULL:
            raise StorageFull from problem
        raise


def _chunks(data: bytes | BinaryIO) -> Iterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    while chunk := data.read(CHUNK):
        yield chunk


@lru_cache(maxsize=1)
def _waiters(process: int) -> ThreadPoolExecutor:
    """Threads that wait for the disk, kept for the next batch; a process that was forked has none yet."""
    return ThreadPoolExecutor(AT_ONCE, "disk")


def _fsync(place: Path | str) -> None:
    """Waits until a file, or the entries of a folder, are on the disk."""
    number = os.open(place, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _modified(place: Path, *, default: float) -> float:
    try:
        return place.stat().st_mtime
    except FileNotFoundError:  # another sweep was quicker
        return default


_store: Store | None = None


def use(chosen: Store) -> None:
    """Sets the installation's store; create_app and the worker do it once."""
    global _store
    _store = chosen


def store() -> Store:
    if _store is None:
        raise RuntimeError("no file store yet: app.lib.files.use(Store(folder)) comes first")
    return _store
