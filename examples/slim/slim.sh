#!/bin/sh
# The Dockerfile's steps without Docker: one package alone in a fresh environment, then its installed
# size and how much processor time it takes to start and make a client.
#
#     examples/slim/slim.sh pinecone-db [pip options, such as --find-links dist]
#     examples/slim/slim.sh pinecone-admin
set -eu
unset PYTHONDONTWRITEBYTECODE # what is measured is a start with byte code at hand
package=${1:?usage: slim.sh pinecone-db|pinecone-admin [pip options]}
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/app"
"$folder/app/bin/pip" install -q --no-compile "$@" "$package"
"$folder/app/bin/pip" uninstall -q -y pip setuptools
find "$folder/app" -name __pycache__ -prune -exec rm -r {} +
case $package in
  pinecone-db) make="from pinecone_db import PineconeDB
PineconeDB(api_key='k').index(host='docs-abc.svc.pinecone.io')" ;;
  pinecone-admin) make="from pinecone_admin import Admin
Admin(client_id='i', client_secret='s')" ;;
  *) echo "slim.sh knows pinecone-db and pinecone-admin, not $package" >&2; exit 2 ;;
esac
site=$("$folder/app/bin/python" -c "import sysconfig; print(sysconfig.get_path('purelib'))")
echo "$package: $(du -sk --apparent-size "$site" | cut -f1) kB installed, without byte code"
"$folder/app/bin/python" -c "$make" # writes the byte code, as an image's first run does
"$folder/app/bin/python" - "$make" <<'PY'
import subprocess, sys, resource

def cpu(code):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

bare, made = (sorted(cpu(code) for _ in range(5))[2] for code in ("", sys.argv[1]))
print(f"start to a client: {1000 * made:.0f} ms of processor time ({1000 * bare:.0f} ms of it the bare interpreter)")
PY
