#include "baselines/host.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include "common/file.h"
#include "common/text.h"

static const char *const UNKNOWN = "unknown";

/* The file ROOT/PATH as text without the final line break, or NULL. */
static char *read_below(const char *root, const char *path, struct tg_arena *arena)
{
    enum { LIMIT = 4 << 20 }; /* /proc/cpuinfo of a large machine has more than a megabyte */
    struct tg_diags ignored = {0};
    struct tg_text text = {0};
    char *full = tg_format("%s%s", root, path);
    enum tg_status status = tg_file_read(full, LIMIT, &text, &ignored);
    free(full);
    tg_diags_free(&ignored);
    while (text.length > 0 && isspace((unsigned char)text.data[text.length - 1]))
        text.length--;
    char *copy =
        status == TG_OK ? tg_arena_memdup(arena, tg_text_string(&text), text.length) : NULL;
    tg_text_free(&text);
    return copy;
}

/* The value of the first line of `text` that is KEY, blanks, `separator`, value; quotes around it
 * are removed. NULL when there is none. */
static char *field_of(const char *text, const char *key, char separator, struct tg_arena *arena)
{
    size_t key_length = strlen(key);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *at = line + key_length;
        if (!tg_starts_with(line, key))
            continue;
        at += strspn(at, " \t");
        if (*at != separator)
            continue;
        at++;
        at += strspn(at, " \t\"");
        size_t length = strcspn(at, "\n\"");
        while (length > 0 && isspace((unsigned char)at[length - 1]))
            length--;
        return length ? tg_arena_memdup(arena, at, length) : NULL;
    }
    return NULL;
}

static const char *known(const char *text)
{
    return text && *text ? text : UNKNOWN;
}

/* ---- virtualisation ---- */

static bool has_flag(const char *flags, const char *flag)
{
    size_t length = strlen(flag);
    for (const char *at = flags; at && (at = strstr(at, flag)); at += length)
        if ((at == flags || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* The hypervisor that the firmware's tables name, or NULL. */
static const char *hypervisor_by_firmware(const char *root, struct tg_arena *arena)
{
    static const char *const files[] = {
        "/sys/class/dmi/id/sys_vendor",
        "/sys/class/dmi/id/product_name",
        "/sys/class/dmi/id/board_vendor",
        "/sys/class/dmi/id/bios_vendor",
    };
    static const char *const names[][2] = {
        {"KVM", "kvm"},
        {"QEMU", "qemu"},
        {"VMware", "vmware"},
        {"VirtualBox", "virtualbox"},
        {"innotek", "virtualbox"},
        {"Xen", "xen"},
        {"Virtual Machine", "hyper-v"},
        {"Amazon EC2", "amazon-ec2"},
        {"Google Compute Engine", "google-compute-engine"},
        {"OpenStack", "openstack"},
        {"Parallels", "parallels"},
        {"BHYVE", "bhyve"},
        {"Bochs", "bochs"},
        {"Apple Virtualization", "apple"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *text = read_below(root, files[i], arena);
        for (size_t j = 0; text && j < sizeof names / sizeof *names; j++)
            if (strstr(text, names[j][0]))
                return names[j][1];
    }
    return NULL;
}

static const char *hypervisor_of(const char *root, const char *cpuinfo, struct tg_arena *arena)
{
    const char *type = read_below(root, "/sys/hypervisor/type", arena);
    if (type && *type)
        return type;
    const char *named = hypervisor_by_firmware(root, arena);
    const char *flags = cpuinfo ? field_of(cpuinfo, "flags", ':', arena) : NULL;
    /* x86 says by a flag whether a hypervisor runs: bare metal of a cloud has its vendor's name in
     * the firmware all the same. */
    if (flags)
        return has_flag(flags, "hypervisor") ? (named ? named : "vm") : NULL;
    return named;
}

static const char *container_of(const char *root, struct tg_arena *arena)
{
    static const char *const names[][2] = {
        {"kubepods", "kubernetes"}, {"docker", "docker"}, {"libpod", "podman"}, {"lxc", "lxc"}};
    const char *told = read_below(root, "/run/systemd/container", arena);
    if (told && *told)
        return told;
    if (read_below(root, "/.dockerenv", arena))
        return "docker";
    if (read_below(root, "/run/.containerenv", arena))
        return "podman";
    const char *groups = read_below(root, "/proc/1/cgroup", arena);
    for (size_t i = 0; groups && i < sizeof names / sizeof *names; i++)
        if (strstr(groups, names[i][0]))
            return names[i][1];
    return NULL;
}

static const char *virtualisation_of(const char *root, const char *cpuinfo, struct tg_arena *arena)
{
    const char *machine = hypervisor_of(root, cpuinfo, arena);
    const char *container = container_of(root, arena);
    if (machine && container)
        return tg_arena_format(arena, "%s on %s", container, machine);
    if (machine)
        return machine;
    return container ? container : "none";
}

/* ---- the rest ---- */

static void read_libraries(struct tg_arena *arena, struct tg_host *host)
{
#ifdef __GLIBC__
    const char *libc = tg_arena_format(arena, "glibc %s", gnu_get_libc_version());
#else
    const char *libc = UNKNOWN;
#endif
#ifdef __clang__
    const char *compiler = __VERSION__; /* begins with the compiler's name */
#else
    const char *compiler = "gcc " __VERSION__;
#endif
    const struct tg_named_value libraries[] = {
        {"tailgate", TG_VERSION},
        {"compiler", compiler},
        {"libc", libc},
        {"zlib", tg_arena_strdup(arena, zlibVersion())},
        {"cjson", tg_arena_strdup(arena, cJSON_Version())},
    };
    host->library_count = sizeof libraries / sizeof *libraries;
    host->libraries = tg_arena_array(arena, host->library_count, sizeof *libraries);
    memcpy(host->libraries, libraries, sizeof libraries);
}

/* How much of a release is the version up to the minor number: "6.1" of "6.1.0-28-amd64". */
static size_t minor_length(const char *release)
{
    size_t length = strspn(release, "0123456789");
    if (release[length] == '.')
        length += 1 + strspn(release + length + 1, "0123456789");
    return length;
}

static int64_t whole_gib(int64_t bytes)
{
    const int64_t gib = INT64_C(1) << 30;
    return bytes / gib + (bytes % gib >= gib / 2);
}

static void fingerprint(struct tg_host *host)
{
    struct tg_hash hash;
    tg_hash_init(&hash);
    tg_hash_string(&hash, "tailgate-host-1");
    tg_hash_string(&hash, host->cpu_model);
    tg_hash_u64(&hash, (uint64_t)host->cpus);
    tg_hash_u64(&hash, (uint64_t)whole_gib(host->memory_bytes));
    tg_hash_string(&hash, host->architecture);
    tg_hash_field(&hash, host->kernel, minor_length(host->kernel));
    tg_hash_string(&hash, host->clock_source);
    tg_hash_string(&hash, host->governor);
    tg_hash_string(&hash, host->virtualisation);
    tg_hash_end(&hash, host->fingerprint);
}

struct difference {
    struct tg_arena *arena;
    const char *text; /* NULL: none so far */
};

static void add_difference(struct difference *difference, const char *what, const char *there,
                           const char *here)
{
    if (strcmp(there, here) == 0)
        return;
    const char *before = difference->text;
    difference->text = tg_arena_format(difference->arena, "%s%s%s %s there, %s here",
                                       before ? before : "", before ? "; " : "", what, there, here);
}

static void add_number(struct difference *difference, const char *what, int64_t there, int64_t here)
{
    add_difference(difference, what, tg_arena_format(difference->arena, "%lld", (long long)there),
                   tg_arena_format(difference->arena, "%lld", (long long)here));
}

const char *tg_host_difference(const struct tg_host *there, const struct tg_host *here,
                               struct tg_arena *arena)
{
    struct difference difference = {.arena = arena};
    const char *kernels[] = {
        tg_arena_memdup(arena, there->kernel, minor_length(there->kernel)),
        tg_arena_memdup(arena, here->kernel, minor_length(here->kernel)),
    };
    add_difference(&difference, "CPU", there->cpu_model, here->cpu_model);
    add_number(&difference, "number of CPUs", there->cpus, here->cpus);
    add_number(&difference, "GiB of memory", whole_gib(there->memory_bytes),
               whole_gib(here->memory_bytes));
    add_difference(&difference, "architecture", there->architecture, here->architecture);
    add_difference(&difference, "kernel", kernels[0], kernels[1]);
    add_difference(&difference, "clock source", there->clock_source, here->clock_source);
    add_difference(&difference, "frequency governor", there->governor, here->governor);
    add_difference(&difference, "virtualisation", there->virtualisation, here->virtualisation);
    return difference.text;
}

const char *tg_host_library(const struct tg_host *host, const char *name)
{
    for (size_t i = 0; i < host->library_count; i++)
        if (strcmp(host->libraries[i].name, name) == 0)
            return host->libraries[i].value;
    return NULL;
}

static int64_t memory_of(const char *root, struct tg_arena *arena)
{
    const char *meminfo = read_below(root, "/proc/meminfo", arena);
    const char *total = meminfo ? field_of(meminfo, "MemTotal", ':', arena) : NULL;
    long long kib = total ? strtoll(total, NULL, 10) : 0;
    return kib > 0 && kib < INT64_MAX / 1024 ? kib * 1024 : 0;
}

static const char *cpu_model_of(const char *root, const char *cpuinfo, struct tg_arena *arena)
{
    const char *model = cpuinfo ? field_of(cpuinfo, "model name", ':', arena) : NULL;
    if (!model)
        model = read_below(root, "/proc/device-tree/model", arena);
    if (!model && cpuinfo) {
        const char *implementer = field_of(cpuinfo, "CPU implementer", ':', arena);
        const char *part = field_of(cpuinfo, "CPU part", ':', arena);
        if (implementer && part)
            model = tg_arena_format(arena, "implementer %s part %s", implementer, part);
    }
    return known(model);
}

void tg_host_read_below(const char *root, struct tg_arena *arena, struct tg_host *host)
{
    *host = (struct tg_host){0};
    const char *cpuinfo = read_below(root, "/proc/cpuinfo", arena);
    host->cpu_model = cpu_model_of(root, cpuinfo, arena);
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    host->cpus = cpus > 0 ? cpus : 0;
    host->memory_bytes = memory_of(root, arena);

    struct utsname names;
    bool named = uname(&names) == 0;
    host->kernel = named ? tg_arena_strdup(arena, names.release) : UNKNOWN;
    host->architecture = named ? tg_arena_strdup(arena, names.machine) : UNKNOWN;

    const char *release = read_below(root, "/etc/os-release", arena);
    if (!release)
        release = read_below(root, "/usr/lib/os-release", arena);
    host->distribution = known(release ? field_of(release, "PRETTY_NAME", '=', arena) : NULL);
    host->clock_source = known(read_below(
        root, "/sys/devices/system/clocksource/clocksource0/current_clocksource", arena));
    const char *governor =
        read_below(root, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", arena);
    host->governor = governor && *governor ? governor : "none";
    host->virtualisation = virtualisation_of(root, cpuinfo, arena);
    read_libraries(arena, host);
    fingerprint(host);
}

void tg_host_read(struct tg_arena *arena, struct tg_host *host)
{
    tg_host_read_below("", arena, host);
}

/* ---- document ---- */

cJSON *tg_host_to_json(const struct tg_host *host)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "fingerprint", host->fingerprint);
    tg_json_add_string(json, "cpu_model", host->cpu_model);
    tg_json_add_int64(json, "cpus", host->cpus);
    tg_json_add_int64(json, "memory_bytes", host->memory_bytes);
    tg_json_add_string(json, "architecture", host->architecture);
    tg_json_add_string(json, "kernel", host->kernel);
    tg_json_add_string(json, "distribution", host->distribution);
    tg_json_add_string(json, "clock_source", host->clock_source);
    tg_json_add_string(json, "governor", host->governor);
    tg_json_add_string(json, "virtualisation", host->virtualisation);
    cJSON *libraries = tg_json_add(json, "libraries", tg_json_object());
    for (size_t i = 0; i < host->library_count; i++)
        tg_json_add_string(libraries, host->libraries[i].name, host->libraries[i].value);
    return json;
}

static bool read_text(const cJSON *json, const char *key, struct tg_arena *arena, const char **out)
{
    const char *text;
    if (!tg_json_get_string(json, key, &text))
        return false;
    *out = tg_arena_strdup(arena, text);
    return true;
}

static bool libraries_from_json(const cJSON *json, struct tg_arena *arena, struct tg_host *host)
{
    const cJSON *libraries = tg_json_get(json, "libraries");
    if (!cJSON_IsObject(libraries))
        return false;
    size_t count = (size_t)cJSON_GetArraySize(libraries);
    host->libraries = tg_arena_array(arena, count, sizeof *host->libraries);
    const cJSON *item;
    cJSON_ArrayForEach(item, libraries)
    {
        if (!cJSON_IsString(item))
            return false;
        host->libraries[host->library_count++] = (struct tg_named_value){
            tg_arena_strdup(arena, item->string), tg_arena_strdup(arena, item->valuestring)};
    }
    return true;
}

bool tg_host_from_json(const cJSON *json, struct tg_arena *arena, struct tg_host *host)
{
    *host = (struct tg_host){0};
    if (!cJSON_IsObject(json) || !read_text(json, "cpu_model", arena, &host->cpu_model) ||
        !tg_json_get_int64(json, "cpus", &host->cpus) ||
        !tg_json_get_int64(json, "memory_bytes", &host->memory_bytes) ||
        !read_text(json, "architecture", arena, &host->architecture) ||
        !read_text(json, "kernel", arena, &host->kernel) ||
        !read_text(json, "distribution", arena, &host->distribution) ||
        !read_text(json, "clock_source", arena, &host->clock_source) ||
        !read_text(json, "governor", arena, &host->governor) ||
        !read_text(json, "virtualisation", arena, &host->virtualisation) ||
        !libraries_from_json(json, arena, host) || host->cpus < 0 || host->memory_bytes < 0)
        return false;
    fingerprint(host);
    return true;
}

const char *tg_host_line(const struct tg_host *host, struct tg_arena *arena)
{
    bool bare = strcmp(host->virtualisation, "none") == 0;
    return tg_arena_format(arena, "%s, %lld CPU%s, %lld GiB, Linux %s, %s", host->cpu_model,
                           (long long)host->cpus, tg_plural((size_t)host->cpus, "s"),
                           (long long)whole_gib(host->memory_bytes), host->kernel,
                           bare ? "no virtualisation" : host->virtualisation);
}
