"""What the comparisons with wrk share: the CPU time of a process held to a core, wrk's cost a request, the answers it looks at, the table."""
import os
import re
import statistics
import subprocess
import tempfile

# The end of a script for wrk: it looks for five fields in each answer, as a user of wrk would.
UNDERSTANDS = """understood = 0
response = function(status, headers, body)
  for _, name in ipairs({"id", "state", "version", "deadline", "completed_at"}) do
    if string.find(body, '"' .. name .. '":', 1, true) then understood = understood + 1 end
  end
end
"""


def measured(command, core, codes=(0,)):
    """(standard output, CPU seconds) of a command held to a core, which must end with one of these exit codes."""
    with tempfile.TemporaryFile("w+") as errors:
        child = subprocess.Popen(["taskset", "-c", str(core)] + command, stdout=subprocess.PIPE, stderr=errors, text=True)
        output = child.stdout.read()
        child.stdout.close()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in codes:
            errors.seek(0)
            raise SystemExit(f"{' '.join(command)} ended with {child.returncode}\n{output}{errors.read()}")
    return output, usage.ru_utime + usage.ru_stime


def us_by_wrk(script, url, connections, seconds, core):
    """CPU microseconds a request of wrk with a script."""
    output, cpu = measured(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), url], core)
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"wrk met errors\n{output}")
    return cpu * 1e6 / int(re.search(r"(\d+) requests in", output)[1])


def print_table(cost):
    """`cost`: by name, wrk and wrk+lua among them, a figure a round."""
    for name, values in cost.items():
        to_wrk = statistics.median(a / b for a, b in zip(values, cost["wrk"]))
        to_lua = statistics.median(a / b for a, b in zip(values, cost["wrk+lua"]))
        print(f"  {name:10} {statistics.median(values):6.2f} us   {to_wrk:5.2f} x wrk   {to_lua:5.2f} x wrk+lua")
