"""What goes wrong on the way to a mail server, one word each: the interface has a sentence for every one of them."""

import socket
import ssl

NAME, REFUSED, TIMEOUT, BROKEN = "name", "refused", "timeout", "broken"
TLS, TLS_NAME, TLS_TRUST = "tls", "tls_name", "tls_trust"
LOGIN, FOLDER, QUOTA = "login", "folder", "quota"

_HOSTNAME_MISMATCH, _IP_MISMATCH = 62, 64  # OpenSSL's X509_V_ERR_…


def cause_of(problem: BaseException) -> str:
    """Which of these an exception of a socket is; BROKEN where it is none of a socket."""
    if isinstance(problem, socket.gaierror | UnicodeError):
        return NAME
    if isinstance(problem, ssl.SSLCertVerificationError):
        return TLS_NAME if problem.verify_code in (_HOSTNAME_MISMATCH, _IP_MISMATCH) else TLS_TRUST
    if isinstance(problem, ssl.SSLError):
        return TLS
    if isinstance(problem, TimeoutError):
        return TIMEOUT
    if isinstance(problem, ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
        return BROKEN
    if isinstance(problem, OSError):
        return REFUSED
    return BROKEN


def context(verify: bool = True) -> ssl.SSLContext:
    """TLS as it should be: the certificate is of somebody we trust, and for the name we asked for."""
    made = ssl.create_default_context()
    if not verify:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return made
