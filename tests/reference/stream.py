#!/usr/bin/env python3
"""A second implementation of docs/stream.md and docs/generators.md, written from those pages.

Prints the fingerprints of the sample workload of tests/unit/sample_workload.h, one line per seed given
(default: the seeds that tests/unit/test_stream.c pins). Python's float is an IEEE 754 double and
nothing here calls a mathematical function of the C library except sqrt, which IEEE 754 defines
exactly.
"""

import datetime
import hashlib
import math
import struct
import sys

M32, M64 = 2**32 - 1, 2**64 - 1


# ---- random numbers ----

def philox(key, low, high):
    x = [low & M32, low >> 32, high & M32, high >> 32]
    k0, k1 = key & M32, key >> 32
    for _ in range(10):
        p0, p1 = x[0] * 0xD2511F53, x[2] * 0xCD9E8D57
        x = [(p1 >> 32) ^ x[1] ^ k0, p1 & M32, (p0 >> 32) ^ x[3] ^ k1, p0 & M32]
        k0, k1 = (k0 + 0x9E3779B9) & M32, (k1 + 0xBB67AE85) & M32
    return x[1] << 32 | x[0], x[3] << 32 | x[2]


def place_key(seed, place):
    h = 0xCBF29CE484222325
    for byte in place.encode():
        h = (h ^ byte) * 0x100000001B3 & M64
    return philox(seed, h, M64)[0]


class Draws:
    def __init__(self, key, index):
        self.key, self.index, self.drawn = key, index & M64, 0

    def word(self):
        n, self.drawn = self.drawn, self.drawn + 1
        return philox(self.key, self.index, n // 2)[n % 2]

    def below(self, bound):
        while True:
            product = self.word() * bound
            if product & M64 >= 2**64 % bound:
                return product >> 64

    def unit(self):
        return (self.word() >> 11) / 2**53

    def normal(self):
        return normal_quantile(((self.word() >> 12) + 0.5) / 2**52)


# ---- functions ----

LN2_HIGH = float.fromhex("0x1.62e42feep-1")
LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")


def log(x):
    m, k = math.frexp(x)  # m in [1/2, 1)
    m, k = m * 2, k - 1
    if m > float.fromhex("0x1.6a09e667f3bcdp0"):
        m, k = m * 0.5, k + 1
    f = m - 1
    s = f / (2 + f)
    z = s * s
    r = 2 / 21
    for odd in range(19, 2, -2):
        r = r * z + 2 / odd
    r *= z
    half_square = 0.5 * f * f
    tail = s * (half_square + r) + k * LN2_LOW
    return k * LN2_HIGH - ((half_square - tail) - f)


def exp(x):
    if x > 709.79:
        return math.inf
    if x < -745.2:
        return 0.0
    k = int(x * float.fromhex("0x1.71547652b82fep0") + (-0.5 if x < 0 else 0.5))
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    p = 0.0
    for i in range(13, 1, -1):
        p = p * r + 1 / math.factorial(i)
    e = 1 + (r + r * r * p)
    half = int(k / 2)
    return e * 2.0**half * 2.0**(k - half)


AS241 = [[[float(c) for c in row.split()] for row in pair] for pair in (
    ("3.3871328727963666080e0 1.3314166789178437745e+2 1.9715909503065514427e+3 "
     "1.3731693765509461125e+4 4.5921953931549871457e+4 6.7265770927008700853e+4 "
     "3.3430575583588128105e+4 2.5090809287301226727e+3",
     "1 4.2313330701600911252e+1 6.8718700749205790830e+2 5.3941960214247511077e+3 "
     "2.1213794301586595867e+4 3.9307895800092710610e+4 2.8729085735721942674e+4 "
     "5.2264952788528545610e+3"),
    ("1.42343711074968357734e0 4.63033784615654529590e0 5.76949722146069140550e0 "
     "3.64784832476320460504e0 1.27045825245236838258e0 2.41780725177450611770e-1 "
     "2.27238449892691845833e-2 7.74545014278341407640e-4",
     "1 2.05319162663775882187e0 1.67638483018380384940e0 6.89767334985100004550e-1 "
     "1.48103976427480074590e-1 1.51986665636164571966e-2 5.47593808499534494600e-4 "
     "1.05075007164441684324e-9"),
    ("6.65790464350110377720e0 5.46378491116411436990e0 1.78482653991729133580e0 "
     "2.96560571828504891230e-1 2.65321895265761230930e-2 1.24266094738807843860e-3 "
     "2.71155556874348757815e-5 2.01033439929228813265e-7",
     "1 5.99832206555887937690e-1 1.36929880922735805310e-1 1.48753612908506148525e-2 "
     "7.86869131145613259100e-4 1.84631831751005468180e-5 1.42151175831644588870e-7 "
     "2.04426310338993978564e-15"))]


def ratio(part, x):
    a, b = AS241[part][0][7], AS241[part][1][7]
    for i in range(6, -1, -1):
        a, b = a * x + AS241[part][0][i], b * x + AS241[part][1][i]
    return a / b


def normal_quantile(p):
    q = p - 0.5
    if -0.425 <= q <= 0.425:
        return q * ratio(0, 0.180625 - q * q)
    r = math.sqrt(-log(p if q < 0 else 1 - p))
    z = ratio(1, r - 1.6) if r <= 5 else ratio(2, r - 5)
    return -z if q < 0 else z


# ---- distributions: functions of (Draws) ----

def mix(x):
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & M64
    x = (x ^ x >> 27) * 0x94D049BB133111EB & M64
    return x ^ x >> 31


def permute(key, n, at):
    bits = max(2, (n - 1).bit_length())
    low_bits = bits // 2
    low_mask, high_mask = 2**low_bits - 1, 2**(bits - low_bits) - 1
    while True:
        low, high = at & low_mask, at >> low_bits
        for turn in (0, 2):
            high ^= mix(key + (turn << 60) + low & M64) & high_mask
            low ^= mix(key + (turn + 1 << 60) + high & M64) & low_mask
        at = high << low_bits | low
        if at < n:
            return at


def uniform(over):
    return lambda draws: draws.below(over)


def sequential(over=M64):
    return lambda draws: draws.index % over


def following(first):
    return lambda draws: first + draws.index


def zipf(over, theta):
    def exp_minus_1_over(t):
        e = exp(t)
        if e == 1:
            return 1.0
        return (e - 1) / log(e) if -1 < t < 1 else (e - 1) / t

    def hat(x):
        return exp(-theta * log(x))

    def area(x):
        return exp_minus_1_over((1 - theta) * log(x)) * log(x)

    def inverse(a, limit):
        t = a * (1 - theta)
        u = 1 + t
        if u <= 0:
            return limit
        x = exp((1 if u == 1 else log(u) / (u - 1)) * a)
        return x if x < limit else limit

    low, high = area(1.5) - 1, area(over + 0.5)
    sure = 2 - inverse(area(2.5) - hat(2.0), 2.5)

    def draw(draws):
        while True:
            a = high + draws.unit() * (low - high)
            x = inverse(a, float(over))
            rank = min(over, 1 if x < 1 else int(x + 0.5))
            if rank - x <= sure or a >= area(rank + 0.5) - hat(float(rank)):
                return rank - 1
    return draw


def latest(over, theta):
    ranks = zipf(over, theta)
    return lambda draws: over - 1 - ranks(draws)


def gaussian(over, mean, sd):
    def draw(draws):
        for _ in range(64):
            x = mean * over + sd * over * draws.normal()
            if 0 <= x < over:
                return int(x)
        return 0 if x < 0 else over - 1
    return draw


def hotset(over, hot, share):
    hot_count = max(1, min(over, int(hot * over)))

    def draw(draws):
        if draws.unit() < share or hot_count == over:
            return draws.below(hot_count)
        return hot_count + draws.below(over - hot_count)
    return draw


def scrambled(seed, over, dist):
    key = place_key(seed, "scramble")
    return lambda draws: permute(key, over, dist(draws))


def alias(weights):
    n, total = len(weights), 0.0
    for weight in weights:
        total += weight
    share = [weight / total * n for weight in weights]
    heaviest = weights.index(max(weights))
    poor = [i for i in range(n) if share[i] < 1]
    rich = [i for i in range(n) if share[i] >= 1]  # both are stacks: the last goes first
    slots = [None] * n

    def fill(kept, part, other):
        scaled = part * 2.0**32
        slots[kept] = (int(scaled) if scaled < 2.0**32 else M32, kept, other)

    while poor and rich:
        small, large = poor.pop(), rich.pop()
        fill(small, share[small], large)
        share[large] -= 1 - share[small]
        (poor if share[large] < 1 else rich).append(large)
    while rich:
        large = rich.pop()
        fill(large, 1.0, large)
    while poor:
        small = poor.pop()
        fill(small, share[small], small if weights[small] > 0 else heaviest)

    def choose(bits):
        product = bits * n
        below, kept, other = slots[product >> 32]
        return kept if product & M32 < below else other
    return choose


# ---- generators: classes with value(index); text is str, blobs are bytes ----

class Gen:
    def __init__(self, seed, place, null=0.0):
        self.key, self.null = place_key(seed, place), null
        self.null_key = place_key(self.key, "null")

    def value(self, index):
        if self.null > 0 and Draws(self.null_key, index).unit() < self.null:
            return None
        return self.make(index)


class Simple(Gen):
    """A generator whose value is a function of the draws."""

    def __init__(self, seed, place, function, null=0.0):
        super().__init__(seed, place, null)
        self.function = function

    def make(self, index):
        return self.function(Draws(self.key, index))


def integer(seed, place, dist, start=0, step=1, form=None):
    return Simple(seed, place,
                  lambda d: form % (start + step * dist(d)) if form else start + step * dist(d))


def text(seed, place, low, high, dist, null=0.0):
    letters = "abcdefghijklmnopqrstuvwxyz"

    def make(draws):
        length = low + (dist(draws) if high > low else 0)
        out, beyond = "", True
        while len(out) < length:
            word = draws.word()
            for _ in range(8):
                number, word = word & 31, word >> 8
                space = number >= 26 and not beyond
                beyond = number >= 26
                out += " " if space else letters[number % 26]
        out = out[:length]
        return out[:-1] + "e" if out.endswith(" ") else out
    return Simple(seed, place, make, null)


def choice(seed, place, pairs):
    choose = alias([weight for _, weight in pairs])
    return Simple(seed, place, lambda d: pairs[choose(d.word() & M32)][0])


def timestamp(seed, place, dist, start_ns, step_ns, form="iso"):
    def make(draws):
        ns = start_ns + step_ns * dist(draws)
        if form == "unix":
            return ns // 10**9
        when = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=ns // 10**9)
        whole = start_ns % 10**9 == 0 and step_ns % 10**9 == 0
        fraction = "" if whole else ".%03d" % (ns % 10**9 // 10**6)
        return when.strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z"
    return Simple(seed, place, make)


class Bool(Simple):
    def __init__(self, seed, place, p, null=0.0):
        super().__init__(seed, place, lambda d: int(d.unit() < p), null)


class Json(Gen):
    def __init__(self, seed, place, fields, count=None):
        super().__init__(seed, place)
        self.fields = [(name, make(f"{place}/{name}")) for name, make in fields]
        self.count = count

    def make(self, index):
        if self.count is None:
            return self.document(index)
        return "[%s]" % ",".join(self.document(index * self.count + i) for i in range(self.count))

    def document(self, index):
        return "{%s}" % ",".join(
            f'"{name}":{self.written(gen, gen.value(index))}' for name, gen in self.fields)

    @staticmethod
    def written(gen, value):
        if value is None:
            return "null"
        if isinstance(gen, Bool):
            return "true" if value else "false"
        if isinstance(gen, Json):
            return value
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float):
            whole = int(abs(value))
            millionths = int((abs(value) - whole) * 1e6 + 0.5)
            whole, millionths = whole + millionths // 10**6, millionths % 10**6
            return "%s%d.%06d" % ("-" if value < 0 else "", whole, millionths)
        escaped = "".join(
            "\\" + c if c in '"\\' else "\\u%04x" % ord(c) if c < " " else c for c in value)
        return f'"{escaped}"'


class Vector(Gen):
    def __init__(self, seed, place, dims, clusters=0, sd=0.0):
        super().__init__(seed, place)
        self.dims, self.clusters, self.sd = dims, clusters, sd
        self.centre_key = place_key(self.key, "centre")

    def make(self, index):
        draws = Draws(self.key, index)
        if self.clusters == 0:
            vector = self.unit([draws.normal() for _ in range(self.dims)])
        else:
            centre = Draws(self.centre_key, draws.below(self.clusters))
            vector = self.unit([centre.normal() for _ in range(self.dims)])
            noise = self.sd / math.sqrt(self.dims)
            vector = self.unit([x + noise * draws.normal() for x in vector])
        return b"".join(struct.pack("<f", x) for x in vector)

    @staticmethod
    def unit(vector):
        square = 0.0
        for x in vector:
            square += x * x
        length = math.sqrt(square)
        return [x / length for x in vector]


class Graph(Gen):
    def __init__(self, seed, place, end, nodes, degree):
        super().__init__(seed, place)
        self.end, self.nodes, self.degree = end, nodes, degree

    def make(self, edge):
        edge %= self.nodes * self.degree
        if self.end == "source":
            return edge // self.degree
        while True:
            node = edge // self.degree
            if node <= self.degree:
                other = edge % self.degree
                return other if other < node else other + 1
            end = Draws(self.key, edge).below(2 * self.degree * node)
            edge = end // 2
            if end % 2 == 0:
                return edge // self.degree


class Pick(Gen):
    def __init__(self, seed, place, column, dist, form=None):
        super().__init__(seed, place)
        self.column, self.dist, self.form = column, dist, form

    def make(self, index):
        value = self.column.value(self.dist(Draws(self.key, index)))
        return self.form % value if self.form and isinstance(value, int) else value


# ---- fingerprint ----

class Hash:
    def __init__(self):
        self.sha = hashlib.sha256()

    def u64(self, number):
        self.sha.update(struct.pack("<Q", number & M64))

    def field(self, data):
        self.u64(len(data))
        self.sha.update(data)

    def value(self, value):
        if value is None:
            self.sha.update(b"n")
        elif isinstance(value, int):
            self.sha.update(b"i")
            self.u64(value)
        elif isinstance(value, float):
            self.sha.update(b"f" + struct.pack("<d", value))
        elif isinstance(value, str):
            self.sha.update(b"t")
            self.field(value.encode())
        else:
            self.sha.update(b"b")
            self.field(value)


def fingerprint(seed, loads, ops, phases):
    """loads: (table, rows, [(column, gen)]); ops: name -> (batch, params(phase number, phase name));
    phases: (name, [(op name, weight)])."""
    out = Hash()
    out.field(b"tailgate stream 1")
    out.u64(len(loads))
    for table, rows, columns in loads:
        out.field(table.encode())
        out.u64(rows)
        out.u64(len(columns))
        for name, _ in columns:
            out.field(name.encode())
        for row in range(min(100, rows)):
            for _, gen in columns:
                out.value(gen.value(row))
    out.u64(len(phases))
    for number, (name, entries) in enumerate(phases):
        out.field(name.encode())
        choose = alias([weight for _, weight in entries])
        key = place_key(seed, f"phase/{name}")
        params = {op: make(number, name) for op, (_, make) in ops.items()}
        for index in range(1000):
            words = philox(key, index // 4, 0)
            bits = words[index // 2 % 2] >> 32 * (index % 2) & M32
            op = entries[choose(bits)][0]
            batch = ops[op][0]
            out.field(op.encode())
            out.u64(batch)
            for row in (index * batch, index * batch + batch - 1):
                for gen in params[op]:
                    out.value(gen.value(row))
    return out.sha.hexdigest()


def sample(seed):
    def users(column):
        return f"load/users/{column}"

    def posts(column):
        return f"load/posts/{column}"

    user_id = integer(seed, users("id"), sequential(), form="user_%05d")
    age = integer(seed, users("age"), uniform(60), 18)
    author = Pick(seed, posts("author"), user_id, scrambled(seed, 200, zipf(200, 0.99)))
    inner = [
        ("n", lambda p: integer(seed, p, scrambled(seed, 1000, hotset(1000, 0.1, 0.9)), step=7)),
        ("q", lambda p: Simple(seed, p, lambda d: 'a "b"\n')),
    ]
    fields = [
        ("real", lambda p: Simple(seed, p, lambda d: -5 + 10 * d.unit())),
        ("maybe", lambda p: Bool(seed, p, 0.5, null=0.25)),
        ("list", lambda p: Json(seed, p, inner, 2)),
    ]
    loads = [
        ("users", 200, [
            ("id", user_id),
            ("age", age),
            ("score", Simple(seed, users("score"), lambda d: -1 + 2 * d.unit())),
            ("height", Simple(seed, users("height"), lambda d: 170 + 10 * d.normal())),
            ("bio", text(seed, users("bio"), 0, 40, uniform(41), null=0.3)),
            ("plan", choice(seed, users("plan"), [("free", 7.0), ("paid", 2.5), (0, 1.0)])),
            ("active", Bool(seed, users("active"), 0.3)),
            ("joined", timestamp(seed, users("joined"), sequential(), 1735689600 * 10**9, 10**9)),
            ("seen", timestamp(seed, users("seen"), gaussian(10**6, 0.5, 0.25), -5 * 10**8, 10**6)),
            ("country", Simple(seed, users("country"), lambda d: "fr")),
        ]),
        ("posts", 150, [
            ("author", author),
            ("rank", integer(seed, posts("rank"), zipf(2**40, 1.0), form="r%x")),
            ("late", integer(seed, posts("late"), latest(5000, 1.3))),
            ("doc", Json(seed, posts("doc"), fields)),
            ("sphere", Vector(seed, posts("sphere"), 5)),
            ("embedding", Vector(seed, posts("embedding"), 8, 3, 0.15)),
            ("source", Graph(seed, posts("source"), "source", 50, 3)),
            ("target", Graph(seed, posts("target"), "target", 50, 3)),
        ]),
    ]
    ops = {
        "get": (1, lambda number, phase: [
            Pick(seed, f"phase/{phase}/get/id", author, latest(150, 0.99)),
            Pick(seed, f"phase/{phase}/get/age", age, uniform(200), "<%4d>"),
        ]),
        "put": (3, lambda number, phase: [
            integer(seed, f"phase/{phase}/put/id", following((number + 1) * 10**12), 150,
                    form="post_%d"),
            Simple(seed, f"phase/{phase}/put/parent", lambda d: None),
            timestamp(seed, f"phase/{phase}/put/at", sequential(86400), 0, 10**9, "unix"),
        ]),
        "idle": (1, lambda number, phase: []),
    }
    phases = [("mixed", [("idle", 5.0), ("get", 70.0), ("put", 25.0)]), ("reads", [("get", 1.0)])]
    return fingerprint(seed, loads, ops, phases)


if __name__ == "__main__":
    for argument in sys.argv[1:] or ["1", "0xDEADBEEF", "0xFFFFFFFFFFFFFFFF"]:
        print(argument, sample(int(argument, 0)))
