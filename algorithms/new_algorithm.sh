#!/usr/bin/env bash
# Creates the skeleton of a new algorithm from the files of one that is there. Called by the start script:
#
#   ./peloton new algorithm NAME [--like METHOD]
#
# Writes algorithms/NAME.hpp, NAME.cpp and NAME_faults.cpp (where METHOD has them), tests/algorithms/NAME_test.cpp,
# scenarios/papers/NAME.json and two lines of algorithms/registry.cpp. It builds and runs as it is; what only the author knows is marked
# "FILL IN", and tests fail until no mark is left. Exit status: 0 created, 2 wrong usage or something is in the way (nothing is written).

set -euo pipefail
export LC_ALL=C

usage='usage: ./peloton new algorithm NAME [--like METHOD]'

die() {  # MESSAGE…
  printf 'peloton: %s\n' "$*" >&2
  exit 2
}

# --- What is there ----------------------------------------------------------------------------------------------------

registered() { # [needs_task]: the names of all algorithms; with the argument, of those that learn
  local header
  for header in algorithms/*.hpp; do
    [[ ${1-} != needs_task ]] || ! grep -q 'needs_task = false' "$header" || continue
    sed -nE 's/.*\.name = "([a-z0-9_]+)".*/\1/p' "$header"
  done
}

nearest() { # NAME CANDIDATE…: the text ` (did you mean "…"?)` for the candidate at the smallest edit distance, if that is small
  printf '%s\n' "${@:2}" | awk -v name="$1" '
    function least(x, y) { return x < y ? x : y }
    function distance(a, b,   i, j, d) {
      for (i = 0; i <= length(a); ++i) d[i, 0] = i
      for (j = 0; j <= length(b); ++j) d[0, j] = j
      for (i = 1; i <= length(a); ++i)
        for (j = 1; j <= length(b); ++j)
          d[i, j] = least(d[i - 1, j - 1] + (substr(a, i, 1) != substr(b, j, 1)), least(d[i - 1, j], d[i, j - 1]) + 1)
      return d[length(a), length(b)]
    }
    BEGIN { smallest = (length(name) > 8 ? length(name) / 3 : 2) + 1 }
    { d = distance(name, $0); if (d < smallest) { smallest = d; best = $0 } }
    END { if (best != "") printf " (did you mean \"%s\"?)", best }'
}

class_name() { # sign_momentum -> SignMomentum
  local word words
  IFS=_ read -ra words <<<"$1"
  for word in "${words[@]}"; do printf '%s' "${word^}"; done
}

# --- What is written --------------------------------------------------------------------------------------------------

renamed() { # FILE
  sed -E "s/\b$like\b/$name/g; s/\b$like_class\b/$class/g" "$1"
}

# The header with METHOD's claims taken out: the comment over the class, the summary, the source. The types that METHOD declares for its
# options stay where they are, in its own header.
header() {
  awk -v class="$like_class" -v head="$(head_comment)" '
    /^namespace peloton/ { print; above = 1; next }
    above && $1 == "class" && $2 == class { print ""; print head; above = 0 }
    !above { print }' "algorithms/$like.hpp" |
    sed -zE 's/(\.summary =)\s*"[^"]*"(\s*"[^"]*")*/\1 "FILL IN: one sentence"/; s/(\.source =)\s*"[^"]*"(\s*"[^"]*")*/\1 "FILL IN: the paper"/' |
    renamed -
}

declares_types() { # whether METHOD's header has more in it than the class
  awk -v class="$like_class" '
    /^namespace peloton/ { above = 1; next }
    above && $1 == "class" && $2 == class { exit }
    above && NF > 0 && !/^\/\/\// { print; exit }' "algorithms/$like.hpp" | grep -q .
}

head_comment() {
  cat <<'END'
/// FILL IN: what the method is called (authors, venue, year).
///
///   FILL IN: the rule in the paper's notation: who computes what, what is sent to whom, how the model moves
///
/// FILL IN: bits up and down; what a reader must not get wrong; with which options it is another method of this folder.
END
}

test_file() {
  cat <<END
#include "algorithms/$name.hpp"

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// f(x) = x² / 2 from x = 1, without noise, in float64 on a float64 wire: what can be computed by hand.
const char* const kScalar = R"({
  "name": "scalar", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 3, "compute": {"distribution": "constant", "value": "1 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1], "initial": "ones"}},
  "algorithm": {"name": "$name"},
  "stop": {"updates": 10}})";

}  // namespace

TEST_CASE("$name says what it does", "[algorithms][$name]") {
  FAIL("FILL IN: the comment over the class and the info in algorithms/$name.hpp; then delete this test");
}

TEST_CASE("$name has an exact property", "[algorithms][$name]") {
  // Oracle: FILL IN: a closed form, a hand computation, a method that this one is with certain options, an invariant.
  CAPTURE(final_values(scenario_of(kScalar), execution_of(1, "reference")));
  FAIL("FILL IN: what these values must be; say it in the test's name");
}

TEST_CASE("$name keeps its paper's claim", "[algorithms][$name]") {
  // Oracle: published value. FILL IN: where the paper says so.
  FAIL("FILL IN: the claim, with the seed fixed and, where there is chance, the probability that the test fails");
}
END
}

scenario() {
  cat <<END
{
  "name": "$name",
  "seed": 1,
  "cluster": {
    "workers": 9,
    "compute": {"distribution": "exponential", "mean": "10 ms"},
    "topology": {"kind": "star", "bandwidth": "1 Gbps", "latency": "50 us"},
    "network": {"model": "fluid"}
  },
  "task": {
    "model": {"kind": "softmax"},
    "data": {"kind": "blobs", "samples": 2000, "features": 20, "classes": 10},
    "batch_size": 32
  },
  "algorithm": {"name": "$name"},
  "measure": {"every": "1 s"},
  "stop": {"updates": 500}
}
END
}

with_include() { # FILE HEADER: the file with one include more, in alphabetical order; not in the first line, a .cpp file's own header
  awk -v line="#include \"$2\"" '
    NR > 1 && !done && (/^#include "/ ? $0 > line : inside) { print line; done = 1 }
    { print; inside = NR > 1 && /^#include "/ }' "$1"
}

registry() {
  with_include algorithms/registry.cpp "algorithms/$name.hpp" | sed "s/^ *entry<$like_class>(),\$/&\n    entry<$class>(),/"
}

# --- The command line -------------------------------------------------------------------------------------------------

name='' like=async_sgd
if [[ ${1-} == algorithm ]]; then
  shift
elif [[ ${1-} != -h && ${1-} != --help ]]; then
  die "new: what can be made is an algorithm, got '${1-}'; $usage"
fi
while (($# > 0)); do
  case $1 in
    -h | --help)
      sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    --like)
      (($# > 1)) || die "--like needs the name of an algorithm; $usage"
      like=$2
      shift 2
      ;;
    --like=*)
      like=${1#*=}
      shift
      ;;
    -*) die "unknown option '$1'; $usage" ;;
    *)
      [[ -z $name ]] || die "one name at a time, got '$name' and '$1'; $usage"
      name=$1
      shift
      ;;
  esac
done

root=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
[[ -n $name ]] || die "an algorithm needs a name; $usage"
[[ $name =~ ^[a-z][a-z0-9]*(_[a-z0-9]+)*$ ]] || die "NAME must be in snake_case (a-z, 0-9, _), like sign_momentum, got '$name'"
class=$(class_name "$name")

mapfile -t models < <(registered needs_task)
[[ " ${models[*]} " == *" $like "* ]] || die "--like must be an algorithm that learns, got '$like'$(nearest "$like" "${models[@]}")"
like_class=$(sed -nE 's/^class ([A-Za-z0-9]+) .*/\1/p' "algorithms/$like.hpp")
grep -q "^ *entry<$like_class>(),\$" algorithms/registry.cpp || die "algorithms/registry.cpp has no line 'entry<$like_class>(),'"

for other in $(registered); do
  [[ ${other//_/} != "${name//_/}" ]] || die "there is an algorithm $other already (in names, '_' does not count)"
done
files=("algorithms/$name.hpp" "algorithms/$name.cpp" "tests/algorithms/${name}_test.cpp" "scenarios/papers/$name.json" "algorithms/${name}_faults.cpp")
for file in "${files[@]}"; do
  [[ ! -e $file ]] || die "$file exists already"
done
taken=$(grep -rlE --include='*.hpp' "^ *(class|struct|enum|enum class|using|concept) $class\b" . | head -n 1 || true)
[[ -z $taken ]] || die "the class would be called $class, and ${taken#./} has something of that name; take another name"

# --- Writing ----------------------------------------------------------------------------------------------------------

text=$(header)
[[ $text == *'/// FILL IN:'*"class $class "*'.summary = "FILL IN:'*'.source = "FILL IN:'* ]] ||
  die "algorithms/$like.hpp is laid out unlike the others (a comment, a class, its info); give another METHOD"
mkdir -p tests/algorithms scenarios/papers
printf '%s\n' "$text" >"${files[0]}"
if declares_types; then
  with_include "${files[0]}" "algorithms/$like.hpp" >"${files[0]}.new"
  mv "${files[0]}.new" "${files[0]}"
fi
if [[ -e algorithms/$like.cpp ]]; then
  renamed "algorithms/$like.cpp" >"${files[1]}"
else
  unset 'files[1]'
fi
if [[ -e algorithms/${like}_faults.cpp ]]; then
  renamed "algorithms/${like}_faults.cpp" >"${files[4]}"
else
  unset 'files[4]'
fi
test_file >"tests/algorithms/${name}_test.cpp"
scenario >"scenarios/papers/$name.json"
text=$(registry)
printf '%s\n' "$text" >algorithms/registry.cpp
if command -v clang-format-14 >/dev/null; then # a longer name may need other line breaks
  for file in "${files[@]}"; do
    [[ $file != algorithms/* ]] || clang-format-14 -i --style=file --fallback-style=none "$file"
  done
fi

printf 'created %s\n' "${files[@]}"
cat <<END
changed algorithms/registry.cpp

Next, with algorithms/cluster.hpp at hand:
  write the rule      algorithms/$name.hpp, its comment and info included
  fill the test       tests/algorithms/${name}_test.cpp
  run the scenario    ./peloton run scenarios/papers/$name.json
  run the tests       ./peloton test '[$name]', then ./peloton test
END
