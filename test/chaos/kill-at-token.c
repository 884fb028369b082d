/* Preloaded into the embedded ClickHouse: kills its process just before or just after it writes a line of its
 * deduplication log, which is where a token can be known although its part is not there.
 *
 * The file named by KIVI_KILL_FILE says what to do: "before 3" lets three writes pass and kills before the fourth.
 * The file is removed as it acts, so one request is one kill. Build: cc -shared -fPIC -o kill.so kill-at-token.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef ssize_t (*write_function)(int, const void *, size_t);

static int is_deduplication_log(int fd) {
  char link[64], path[1024];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return strstr(path, "deduplication_log") != NULL;
}

/* 0: let it pass; 1: kill before; 2: kill after */
static int due(void) {
  const char *request = getenv("KIVI_KILL_FILE");
  char when[8];
  int left;
  FILE *file = request ? fopen(request, "r") : NULL;
  if (!file) return 0;
  int read = fscanf(file, "%7s %d", when, &left);
  fclose(file);
  if (read != 2) return 0;
  if (left > 0) {
    if ((file = fopen(request, "w"))) {
      fprintf(file, "%s %d", when, left - 1);
      fclose(file);
    }
    return 0;
  }
  unlink(request);
  return strcmp(when, "after") == 0 ? 2 : 1;
}

ssize_t write(int fd, const void *bytes, size_t size) {
  static write_function real;
  if (!real) real = (write_function)dlsym(RTLD_NEXT, "write");
  int action = is_deduplication_log(fd) ? due() : 0;
  if (action == 2) real(fd, bytes, size);
  if (action) kill(getpid(), SIGKILL);
  return real(fd, bytes, size);
}
