#!/bin/sh
# Pin every version and hash from pyproject.toml. The lists must hold no address: which mirror serves the files is
# the business of the machine that installs them.
set -eu
cd "$(dirname "$0")/.."
uv lock --quiet --python "${PYTHON:-python3}" "$@"
export_list() {
  file=$1
  shift
  uv export --quiet --frozen --no-emit-project --no-header --no-annotate --no-default-groups "$@" \
    --output-file "requirements/$file.txt" --python "${PYTHON:-python3}"
}
export_list base
export_list prod --extra prod
export_list test --group test
export_list dev --group dev
if grep -n '://' requirements/*.txt; then
  echo "The lists above name an address; they must not." >&2
  exit 1
fi
