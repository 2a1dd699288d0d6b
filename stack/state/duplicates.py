"""What Nginx takes once, and two of its files say: pure functions of what was read."""

from collections.abc import Iterator, Mapping

from stack.state.server_blocks import directives

ONCE = frozenset(
    (
        "charset client_body_buffer_size client_body_timeout client_header_buffer_size "
        "client_header_timeout client_max_body_size default_type etag gzip gzip_buffers "
        "gzip_comp_level gzip_http_version gzip_min_length gzip_vary keepalive_requests "
        "keepalive_timeout large_client_header_buffers map_hash_bucket_size map_hash_max_size "
        "proxy_buffer_size proxy_buffering proxy_buffers proxy_busy_buffers_size "
        "proxy_connect_timeout proxy_headers_hash_bucket_size proxy_headers_hash_max_size "
        "proxy_http_version proxy_read_timeout proxy_send_timeout real_ip_header "
        "real_ip_recursive reset_timedout_connection send_timeout sendfile "
        "server_names_hash_bucket_size server_names_hash_max_size server_tokens ssl_ciphers "
        "ssl_ecdh_curve ssl_prefer_server_ciphers ssl_session_tickets "
        "ssl_session_timeout ssl_stapling tcp_nodelay tcp_nopush types_hash_bucket_size "
        "types_hash_max_size variables_hash_bucket_size variables_hash_max_size"
    ).split()
)
"""Directives of which Nginx says that they are duplicate, as far as files for all sites have them;
many others may be said again."""


def duplicate(ours: Mapping[str, str], others: Mapping[str, str]) -> str:
    """What a file of somebody else's says again, for a person; empty when nothing.

    Args:
        ours: the texts of files by their paths, as they will be.
        others: those of other people's, in the order in which Nginx reads them.
    """
    said = {name: path for path, text in ours.items() for name in _for_all_sites(text)}
    for path, text in others.items():
        for name in _for_all_sites(text):
            if name in said:
                where = "twice" if said[name] == path else f"and so has {said[name]}"
                return f"{path} has {name} {where}, and Nginx allows one; take it out of {path}."
            said[name] = path
    return ""


def _for_all_sites(text: str) -> Iterator[str]:
    """The names of such directives in a file that stand in no block but `http`."""
    blocks: list[list[str]] = []
    for words, end in directives(text):
        if end == "{":
            blocks.append(words)
        elif end == "}":
            del blocks[-1:]
        elif words and blocks in ([], [["http"]]) and words[0] in ONCE:
            yield words[0]
