"""A process of which there is more to read than a host has memory for."""

ENDLESS = """
import ctypes, signal
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
# Private, and with no memory behind it (MAP_NORESERVE).
size = 1 << 36
start = libc.mmap(None, ctypes.c_size_t(size), 3, 0x4022, -1, ctypes.c_size_t(0))
ctypes.memmove(start, b"RELEASE_FOLDER=/home/shop/releases/1", 36)
fields = [0, 0, 0, *open("/proc/self/stat").read().rpartition(")")[2].split()]
brk = libc.sbrk
brk.restype = ctypes.c_void_p
code, data, heap = (26, 27), (45, 46), (47,)
numbers = [int(fields[at]) for at in (*code, *data, *heap)]
numbers += [brk(ctypes.c_ssize_t(0)), int(fields[28]), int(fields[48]), int(fields[49])]
class Map(ctypes.Structure):
    _fields_ = [("at", ctypes.c_uint64 * 12), ("size", ctypes.c_uint32), ("exe", ctypes.c_uint32)]
asked = Map((ctypes.c_uint64 * 12)(*numbers, start, start + size, 0), 0, 0xFFFFFFFF)
done = libc.prctl(35, ctypes.c_ulong(14), ctypes.byref(asked), ctypes.c_ulong(104), 0)
print(done or "endless", flush=True)
signal.pause()
"""
"""Has its own environment be 64 GB long, of which all but the first are zeros that are nowhere."""
