"""What a command costs: CPU seconds and the most memory it held.

The kernel counts a child's memory from before its exec, that is with the program that starts it. So a small process of its own
does that (this file as a program), not a test that has grown.
"""
import json
import os
import subprocess
import sys
import tempfile


def used(*command):
    """Exit status, output, seconds of CPU, MiB."""
    with tempfile.TemporaryFile() as out:
        told = subprocess.run([sys.executable, "-S", "-E", __file__, str(out.fileno()), *command], check=True, stdout=subprocess.PIPE,
                              pass_fds=[out.fileno()]).stdout
        out.seek(0)
        status, seconds, mib = json.loads(told)
        return status, out.read(), seconds, mib


def main():
    out, command = int(sys.argv[1]), sys.argv[2:]
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out, 1)])
    _, status, usage = os.wait4(pid, 0)
    print(json.dumps([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))


if __name__ == "__main__":
    main()
