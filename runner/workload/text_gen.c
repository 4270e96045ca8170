/* Text: words of lower-case letters, eight characters at a time. */
#include <assert.h>
#include <endian.h>
#include <string.h>

#include "runner/workload/gen_internal.h"

#define EACH_BYTE UINT64_C(0x0101010101010101)

/* Eight characters from eight random bytes, the first from the lowest. The lower five bits of a
 * byte are a number: up to 25 a letter; from 26 on a space, or, where the number before was one of
 * those too, the letter 26 places before. *space carries on from one word of text to the next: 1
 * where the last number was from 26 on. */
static uint64_t eight_characters(uint64_t random, uint64_t *space)
{
    const uint64_t number = random & 0x1F * EACH_BYTE;
    const uint64_t beyond = (number + (0x80 - 26) * EACH_BYTE) >> 7 & EACH_BYTE;
    const uint64_t after_beyond = beyond << 8 | *space;
    *space = beyond >> 56;
    const uint64_t is_space = beyond & ~after_beyond;
    const uint64_t letter = number + 'a' * EACH_BYTE - 26 * beyond;
    const uint64_t keep = ~(is_space * 0xFF);
    return (letter & keep) | is_space * ' ';
}

static struct tg_value make_text(const struct tg_gen *gen, uint64_t index, struct tg_arena *scratch)
{
    const struct tg_gen_spec *spec = gen->spec;
    struct tg_random random;
    tg_random_at(&random, gen->key, index);
    size_t length = spec->min_length;
    if (spec->max_length > spec->min_length)
        length += tg_dist_draw(&gen->dist, &random) % gen->dist.spec.over;

    const size_t words = length / 8 + 1;
    char *text = tg_arena_alloc(scratch, words * 8);
    uint64_t space = 1; /* none in front */
    for (size_t i = 0; i < words; i++) {
        const uint64_t eight = htole64(eight_characters(tg_random_u64(&random), &space));
        memcpy(text + 8 * i, &eight, 8);
    }
    if (length > 0 && text[length - 1] == ' ')
        text[length - 1] = 'e';
    text[length] = '\0';
    return tg_value_bytes(TG_VALUE_TEXT, text, length);
}

void tg_text_compile(struct tg_gen *gen, const struct tg_gen_scope *scope)
{
    const struct tg_gen_spec *spec = gen->spec;
    assert(spec->min_length <= spec->max_length);
    tg_gen_dist(gen, scope, (uint64_t)spec->max_length - spec->min_length + 1);
    gen->make = make_text;
}
