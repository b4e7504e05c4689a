"""The content store keeps bytes once, whole or not at all."""

import errno
import hashlib
import io
import os
import resource
import signal
import time

import pytest

from app.lib import filenames, files
from app.lib.files import YOUNG, StorageFull, Store

HELLO = hashlib.sha256(b"hello").hexdigest()


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "files")


@pytest.fixture
def small_files():
    """The system refuses files beyond 64 kB, as a full disk would: in the middle of a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def everything_in(store):
    return [place for place in store.folder.rglob("*") if place.is_file()]


def make_old(place):
    os.utime(place, (time.time() - YOUNG - 60,) * 2)


def test_a_file_is_named_by_its_content(store):
    stored = store.put(b"hello")
    assert stored == (HELLO, 5)
    assert store.path(HELLO) == store.folder / HELLO
    assert store.read(HELLO) == b"hello"
    with store.open(HELLO) as file:
        assert file.read() == b"hello"


def test_a_stream_is_kept_like_bytes(store):
    big = os.urandom(1_000_003)
    assert store.put(io.BytesIO(big)) == (hashlib.sha256(big).hexdigest(), len(big))


def test_the_same_bytes_twice_are_one_file(store):
    assert store.put(b"hello") == store.put(io.BytesIO(b"hello"))
    assert len(everything_in(store)) == 1


def test_an_empty_file_is_a_file(store):
    assert store.exists(store.put(b"").sha256)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", HELLO + "/x", HELLO.upper(), HELLO[:-1]])
def test_only_a_hash_is_a_name(store, name):
    with pytest.raises(ValueError):
        store.path(name)


def test_what_is_removed_is_gone_with_what_was_made_from_it(store):
    store.put(b"hello")
    thumbnail = store.keep_derived(HELLO, "thumbnail", b"small")
    store.remove(HELLO)
    assert not store.exists(HELLO)
    assert not thumbnail.exists()
    store.remove(HELLO)


def test_a_full_disk_is_a_refusal_and_leaves_nothing(store, small_files):
    with pytest.raises(StorageFull):
        store.put(os.urandom(300_000))
    assert everything_in(store) == []
    assert store.exists(store.put(b"a small one still fits").sha256)


def test_a_full_disk_refuses_what_is_made_from_a_file_too(store, small_files):
    store.put(b"hello")
    with pytest.raises(StorageFull):
        store.keep_derived(HELLO, "large", os.urandom(300_000))
    assert len(everything_in(store)) == 1


def test_a_sender_that_breaks_off_leaves_nothing(store):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.put(Broken())
    assert everything_in(store) == []


def test_the_sweep_takes_old_files_that_no_row_names(store):
    kept, young, old = store.put(b"kept").sha256, store.put(b"young").sha256, store.put(b"old").sha256
    make_old(store.path(kept))
    make_old(store.path(old))
    assert list(store.orphans([kept])) == [old]
    leftover = store.folder / "crashed.tmp"
    leftover.write_bytes(b"half")
    make_old(leftover)
    assert store.sweep([kept]) == 1
    assert {place.name for place in everything_in(store)} == {kept, young}


def test_an_orphan_that_is_put_again_is_young_again(store):
    store.put(b"hello")
    make_old(store.path(HELLO))
    store.put(b"hello")
    assert list(store.orphans([])) == []


def test_a_file_that_was_cut_short_is_written_anew(store):
    store.put(b"hello")
    store.path(HELLO).write_bytes(b"hel")
    store.put(b"hello")
    assert store.read(HELLO) == b"hello"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("informe.pdf", "informe.pdf"),
        ("C:\\Users\\eve\\informe.pdf", "informe.pdf"),
        ("../../etc/passwd", "passwd"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\r\nc.txt", "ab c.txt"),
        ("  cámara   2.jpg ", "cámara 2.jpg"),
        ("见积书.pdf", "见积书.pdf"),
        ('a<b>"c"|d?.txt', "a_b__c__d_.txt"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("", "file"),
        (None, "file"),
        ("con.txt", "_con.txt"),
        ("\ud800broken.txt", "broken.txt"),
    ],
)
def test_a_name_from_outside_is_made_safe(given, kept):
    assert filenames.clean(given) == kept


def test_a_long_name_keeps_its_extension_and_whole_characters():
    name = filenames.clean("ñ" * 400 + ".pdf")
    assert len(name.encode()) <= 255
    assert name.endswith("ñ.pdf")


@pytest.mark.parametrize(("name", "ending"), [("a.PDF", "pdf"), ("a.tar.gz", "gz"), ("a", ""), (".profile", "")])
def test_the_extension_is_the_last_one_in_lower_case(name, ending):
    assert filenames.extension(name) == ending


def test_files_put_together_are_there_when_it_ends(store):
    with store.together():
        names = [store.put(f"mail {number}".encode()).sha256 for number in range(3)]
    assert [store.read(name) for name in names] == [b"mail 0", b"mail 1", b"mail 2"]
    assert store.put(b"alone").size == 5


def test_what_is_put_together_is_there_at_the_end(store):
    with store.together():
        names = [store.put(data).sha256 for data in (b"one", b"two", b"one")]
        assert not store.exists(names[0])
    assert [store.read(name) for name in names] == [b"one", b"two", b"one"]
    assert len(list(store.folder.iterdir())) == 2
    assert store.exists(store.put(b"three").sha256)  # afterwards each is waited for again


def test_of_what_is_put_together_all_is_kept_or_nothing(store, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "no room")

    def put_and_stumble():
        with store.together():
            store.put(b"one")
            raise RuntimeError("on purpose")

    def put_on_a_full_disk():
        with store.together():
            monkeypatch.setattr(os, "fsync", full)
            store.put(b"two")

    with pytest.raises(RuntimeError):
        put_and_stumble()
    with pytest.raises(StorageFull):
        put_on_a_full_disk()
    assert list(store.folder.iterdir()) == []


def test_each_file_put_together_is_waited_for(store, monkeypatch):
    waited = []
    monkeypatch.setattr(files, "_fsync", waited.append)
    with store.together():
        store.put(b"one")
        store.put(b"two")
        assert store.folder not in waited
    assert len(set(waited)) == 3
    assert waited[-1] == store.folder
