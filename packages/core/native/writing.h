/* Float32 numbers as text, each the shortest that names its number, by the Schubfach method (Raffaello Giulietti,
 * "The Schubfach way to render doubles", 2020) for 24 bits of significand. Makes no Python objects.
 */

/* ",-0.0000123456789" and ",-1.23456789e-38" fit. */
#define MOST_TEXT 20

/* ---- one number as text ---------------------------------------------------------------------------- */

#define LOWEST_POWER (-31)

/* 10**k, k from -31 to 45, in 64 significant bits, the next number above. */
static const uint64_t POWERS[] = {
    0x81CEB32C4B43FCF5, 0xA2425FF75E14FC32, 0xCAD2F7F5359A3B3F, 0xFD87B5F28300CA0E,
    0x9E74D1B791E07E49, 0xC612062576589DDB, 0xF79687AED3EEC552, 0x9ABE14CD44753B53,
    0xC16D9A0095928A28, 0xF1C90080BAF72CB2, 0x971DA05074DA7BEF, 0xBCE5086492111AEB,
    0xEC1E4A7DB69561A6, 0x9392EE8E921D5D08, 0xB877AA3236A4B44A, 0xE69594BEC44DE15C,
    0x901D7CF73AB0ACDA, 0xB424DC35095CD810, 0xE12E13424BB40E14, 0x8CBCCC096F5088CC,
    0xAFEBFF0BCB24AAFF, 0xDBE6FECEBDEDD5BF, 0x89705F4136B4A598, 0xABCC77118461CEFD,
    0xD6BF94D5E57A42BD, 0x8637BD05AF6C69B6, 0xA7C5AC471B478424, 0xD1B71758E219652C,
    0x83126E978D4FDF3C, 0xA3D70A3D70A3D70B, 0xCCCCCCCCCCCCCCCD, 0x8000000000000001,
    0xA000000000000001, 0xC800000000000001, 0xFA00000000000001, 0x9C40000000000001,
    0xC350000000000001, 0xF424000000000001, 0x9896800000000001, 0xBEBC200000000001,
    0xEE6B280000000001, 0x9502F90000000001, 0xBA43B74000000001, 0xE8D4A51000000001,
    0x9184E72A00000001, 0xB5E620F480000001, 0xE35FA931A0000001, 0x8E1BC9BF04000001,
    0xB1A2BC2EC5000001, 0xDE0B6B3A76400001, 0x8AC7230489E80001, 0xAD78EBC5AC620001,
    0xD8D726B7177A8001, 0x878678326EAC9001, 0xA968163F0A57B401, 0xD3C21BCECCEDA101,
    0x84595161401484A1, 0xA56FA5B99019A5C9, 0xCECB8F27F4200F3B, 0x813F3978F8940985,
    0xA18F07D736B90BE6, 0xC9F2C9CD04674EDF, 0xFC6F7C4045812297, 0x9DC5ADA82B70B59E,
    0xC5371912364CE306, 0xF684DF56C3E01BC7, 0x9A130B963A6C115D, 0xC097CE7BC90715B4,
    0xF0BDC21ABB48DB21, 0x96769950B50D88F5, 0xBC143FA4E250EB32, 0xEB194F8E1AE525FE,
    0x92EFD1B8D0CF37BF, 0xB7ABC627050305AE, 0xE596B7B0C643C71A, 0x8F7E32CE7BEA5C70,
    0xB35DBF821AE4F38C,
};

/* Return the upper half of a product of 64 and 32 bits over 2**32; the last bit says that something was cut. */
static inline uint32_t product(uint64_t power, uint32_t factor)
{
    uint64_t low = (power & 0xFFFFFFFFu) * factor;
    uint64_t high = (power >> 32) * factor + (low >> 32);

    return (uint32_t)(high >> 32) | ((uint32_t)high > 1);
}

/* Find the shortest decimal, digits * 10**exponent, in the interval that rounds to a positive float32. */
static inline void shortest(uint32_t bits, uint32_t *digits, int *exponent)
{
    uint32_t fraction = bits & 0x7FFFFFu;
    int biased = (int)(bits >> 23);
    uint32_t c = biased ? fraction | 0x800000u : fraction;
    int q = (biased ? biased : 1) - 150;
    int closer = fraction == 0 && biased > 1; /* the number below stands half as far away */
    int odd = (int)(c & 1);
    int k = (q * 1262611 - (closer ? 524031 : 0)) >> 22; /* floor(log10(2**q)), or of 3/4 of it */
    int h = q + ((-k * 1741647) >> 19) + 1;              /* floor(log2(10**-k)) */
    uint64_t power = POWERS[-k - LOWEST_POWER];
    uint32_t lower = product(power, (4 * c - 2 + (uint32_t)closer) << h) + (uint32_t)odd;
    uint32_t value = product(power, (4 * c) << h);
    uint32_t upper = product(power, (4 * c + 2) << h) - (uint32_t)odd;
    uint32_t s = value / 4, tens = s / 10;
    int below = lower <= 40 * tens, above = 40 * tens + 40 <= upper;

    if (s >= 10 && below != above) { /* a digit less is enough */
        *digits = tens + (uint32_t)above;
        *exponent = k + 1;
        return;
    }
    below = lower <= 4 * s;
    above = 4 * s + 4 <= upper;
    if (below == above) {
        uint32_t middle = 4 * s + 2;

        above = value > middle || (value == middle && (s & 1));
    }
    *digits = s + (uint32_t)above;
    *exponent = k;
}

/* 10**-k and half the distance to the next float32 over 10**k, by exponent; 0 where doubles do not do. */
static double scales[256], halves[256];

static void fill_tables(void)
{
    int biased;

    for (biased = 1; biased < 255; biased++) {
        int q = biased - 150, k = (q * 1262611) >> 22, place;
        double scale = 1, half;

        if (k > 0 || k < -22)
            continue;
        for (place = 0; place > k; place--)
            scale *= 10; /* exact up to 10**22 */
        for (half = scale / 2, place = q; place < 0; place++)
            half /= 2;
        for (; place > 0; place--)
            half *= 2;
        scales[biased] = scale;
        halves[biased] = half;
    }
}

/* Find the same as shortest() in doubles, which is quicker, or return 0 where it is a matter of their rounding.
 * There are no branches: which way it goes is a toss of a coin, and processors guess it wrong. */
static inline int shortest_of_most(uint32_t bits, float number, uint32_t *digits, int *exponent)
{
    const double whole = 4503599627370496.0; /* adding 2**52 rounds to a whole number */
    uint32_t biased = bits >> 23;
    double scaled = (double)number * scales[biased], half = halves[biased];
    double tens = (scaled * 0.1 + whole) - whole, units = (scaled + whole) - whole;
    double away = fabs(tens * 10 - scaled), off = fabs(units - scaled);
    uint32_t fewer = away < half, few = (uint32_t)(int64_t)tens, many = (uint32_t)(int64_t)units;

    *digits = many ^ ((many ^ few) & (0 - fewer));
    *exponent = (((int)biased - 150) * 1262611 >> 22) + (int)fewer;
    return EXACT_STEPS & (fabs(away - half) > 1e-5) & (off < 0.49999) & ((bits & 0x7FFFFFu) != 0);
}

/* Write a number that is digits * 10**exponent, however large; return the end of its text. */
static char *any_text(char *text, uint32_t digits, int exponent)
{
    char buffer[10], *start = buffer + 10;
    int length, point;

    while (digits % 10 == 0) {
        digits /= 10;
        exponent++;
    }
    for (; digits != 0; digits /= 10)
        *--start = (char)('0' + digits % 10);
    length = (int)(buffer + 10 - start);
    point = length + exponent;
    if (point > 15 || point <= -5) { /* 1.2e-07 */
        *text++ = *start++;
        if (length > 1) {
            *text++ = '.';
            memcpy(text, start, (size_t)(length - 1));
            text += length - 1;
        }
        point--;
        *text++ = 'e';
        *text++ = point < 0 ? '-' : '+';
        point = point < 0 ? -point : point;
        *text++ = (char)('0' + point / 10);
        *text++ = (char)('0' + point % 10);
        return text;
    }
    if (point <= 0) { /* 0.0012 */
        memcpy(text, "0.0000", 6);
        memcpy(text + 2 - point, start, (size_t)length);
        return text + 2 - point + length;
    }
    if (exponent >= 0) { /* 1200.0 */
        memset(text, '0', (size_t)point);
        memcpy(text, start, (size_t)length);
        memcpy(text + point, ".0", 2);
        return text + point + 2;
    }
    memcpy(text, start, (size_t)point); /* 1.2 */
    text[point] = '.';
    memcpy(text + point + 1, start + point, (size_t)(length - point));
    return text + length + 1;
}

static inline int is_finite(float number)
{
    return number - number == 0;
}

/* ---- many numbers as text -------------------------------------------------------------------------- */

/* How many numbers are taken together, one step for all of them after the other: a processor overlaps the steps
 * of one number with those of the next where these are few, and does some of them for eight numbers at once. */
#define BLOCK 64

struct block {
    uint32_t bits[BLOCK];   /* of each float32 */
    uint32_t digits[BLOCK]; /* its shortest decimal is digits * 10**exponent */
    int8_t exponents[BLOCK];
    uint8_t first[BLOCK];      /* of nine digits */
    uint8_t others[BLOCK * 8]; /* and the other eight */
};

static inline void find_decimals(struct block *block, const char *numbers, int count)
{
    int place, exponent;

    for (place = 0; place < count; place++) {
        float number;
        uint32_t bits;

        memcpy(&number, numbers + place * (int)sizeof number, sizeof number); /* aligned or not */
        memcpy(&bits, &number, 4);
        block->bits[place] = bits;
        bits &= 0x7FFFFFFFu;
        if (!shortest_of_most(bits, fabsf(number), &block->digits[place], &exponent) && bits != 0)
            shortest(bits, &block->digits[place], &exponent);
        block->exponents[place] = (int8_t)exponent;
    }
}

#if HAS_BYTE_LANES
/* Cut digits into one and two fours, these into pairs, and these into single ones. Compilers do each loop for
 * many numbers at once. */
static inline void cut_digits(struct block *block, int count)
{
    uint16_t fours[BLOCK * 2], pairs[BLOCK * 4];
    int place;

    for (place = 0; place < count; place++) {
        uint32_t first = block->digits[place] / 100000000, eight = block->digits[place] - first * 100000000;
        uint32_t high = eight / 10000;

        block->first[place] = (uint8_t)first;
        fours[place * 2] = (uint16_t)high;
        fours[place * 2 + 1] = (uint16_t)(eight - high * 10000);
    }
    for (place = 0; place < count * 2; place++) {
        uint16_t high = fours[place] / 100;

        pairs[place * 2] = high;
        pairs[place * 2 + 1] = (uint16_t)(fours[place] - high * 100);
    }
    for (place = 0; place < count * 4; place++) {
        uint16_t high = (uint16_t)(pairs[place] * 103) >> 10;
        uint16_t both = (uint16_t)(high | (pairs[place] - high * 10) << 8);

        memcpy(block->others + place * 2, &both, 2);
    }
}

/* Write a number below 1 and not much smaller, as most numbers of vectors are, without branches; return the end
 * of its text, or NULL where it is none. */
static inline char *fraction_text(char *text, const struct block *block, int place)
{
    uint32_t first = block->first[place];
    uint64_t letters;
    int point, skipped, zeros;

    memcpy(&letters, block->others + place * 8, 8); /* the first digit lowest */
    if (letters == 0)
        return NULL;
    zeros = __builtin_clzll(letters) / 8;
    skipped = first ? 0 : __builtin_ctzll(letters) / 8;
    point = 8 - skipped + (first != 0) + block->exponents[place];
    if (point > 0 || point < -4)
        return NULL;
    memcpy(text, "0.0000", 6);
    text += 2 - point;
    *text = (char)('0' + first);
    text += first != 0;
    letters = (letters | UINT64_C(0x3030303030303030)) >> 8 * skipped;
    memcpy(text, &letters, 8);
    return text + 8 - skipped - zeros;
}
#endif

static inline char *number_text(char *text, const struct block *block, int place)
{
    *text = '-';
    text += block->bits[place] >> 31;
    if (block->digits[place] == 0) {
        memcpy(text, "0.0", 3);
        return text + 3;
    }
#if HAS_BYTE_LANES
    {
        char *end = fraction_text(text, block, place);

        if (end != NULL)
            return end;
    }
#endif
    return any_text(text, block->digits[place], block->exponents[place]);
}

/* Write float32 numbers as a JSON array; return the end of its text. */
static char *array_text(char *text, const char *numbers, Py_ssize_t count)
{
    struct block block;

    *text++ = '[';
    while (count > 0) {
        int most = count < BLOCK ? (int)count : BLOCK, place;

        find_decimals(&block, numbers, most);
#if HAS_BYTE_LANES
        cut_digits(&block, most);
#endif
        for (place = 0; place < most; place++) {
            text = number_text(text, &block, place);
            *text++ = ',';
        }
        numbers += most * (int)sizeof(float);
        count -= most;
    }
    text -= text[-1] == ',';
    *text++ = ']';
    return text;
}
