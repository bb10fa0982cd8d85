# What the scripts here share; read by `source`, not run.

# The folder of everything that is installed or written while checking.
target=${CARGO_TARGET_DIR:-$PWD/target}
tools=$target/ci

say() { printf '%s\n' "$*" >&2; }

# Runs a program as a user that PostgreSQL accepts: it refuses root.
unprivileged() {
    if [[ $(id -u) == 0 ]]; then
        setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
    else
        "$@"
    fi
}

postgres_bin() {
    local bin
    for bin in /usr/lib/postgresql/*/bin "$(dirname "$(readlink -f "$(command -v postgres || echo /)")")"; do
        [[ -x $bin/initdb && -x $bin/pg_ctl ]] && echo "$bin" && return
    done
    return 1
}

# Starts a PostgreSQL of our own on a Unix socket in the folder $1, which must not exist; $2 says fsync=on or off.
# Sets postgres_url; postgres_stop ends it.
postgres_start() {
    local bin
    postgres_folder=$1
    bin=$(postgres_bin)
    mkdir -p "$postgres_folder"
    [[ $(id -u) == 0 ]] && chown postgres "$postgres_folder"
    (
        cd "$postgres_folder"
        unprivileged "$bin/initdb" -D data -A trust -U springboard --no-sync --locale=C.UTF-8 >initdb.log
        unprivileged "$bin/pg_ctl" -D data -s -w -l server.log -o "-k $postgres_folder -c listen_addresses= -c fsync=${2:-off}" start
        unprivileged "$bin/createdb" -h "$postgres_folder" -U springboard springboard
    )
    postgres_url="postgres://springboard@/springboard?host=$postgres_folder"
}

postgres_stop() {
    if [[ -n ${postgres_folder:-} ]]; then
        (cd / && unprivileged "$(postgres_bin)/pg_ctl" -D "$postgres_folder/data" -s -m immediate stop) || true
        postgres_folder=
    fi
}

# Starts `springboard serve` with the arguments given, in the folder it is called in. Sets server_url and server_pid.
server_start() {
    local tries
    "${binary:?}" --log warn serve "$@" >server.out 2>server.log &
    server_pid=$!
    for tries in $(seq 300); do
        server_url=$(sed -n 's/^listening on //p' server.out)
        [[ -n $server_url ]] && return
        kill -0 "$server_pid" 2>/dev/null || break
        sleep 0.1
    done
    say "the service did not start:" && cat server.out server.log >&2
    return 1
}

server_stop() {
    if [[ -n ${server_pid:-} ]]; then
        kill -TERM "$server_pid" 2>/dev/null || true
        kill -TERM "$server_pid" 2>/dev/null || true
        wait "$server_pid" 2>/dev/null || true
        server_pid=
    fi
}
