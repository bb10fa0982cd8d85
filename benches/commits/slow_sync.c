/* Preloaded by `main.rs`: every sync takes SLOWER_MICROS microseconds longer, as on a disk behind a network. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void wait_for_the_disk(void) {
    const char *micros = getenv("SLOWER_MICROS");
    if (micros) usleep((useconds_t)atoi(micros));
}

int fsync(int file) {
    wait_for_the_disk();
    return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
    wait_for_the_disk();
    return (int)syscall(SYS_fdatasync, file);
}
