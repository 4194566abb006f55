/* Vectors as JSON text and back, quicker than a general JSON library can.
 *
 * The service keeps float32. write() gives each number the shortest text that names its float32, by the
 * Schubfach method (Raffaello Giulietti, "The Schubfach way to render doubles", 2020) for 24 bits of
 * significand. read() takes the numbers that a double arithmetic of one exact step gives exactly (Clinger,
 * "How to read floating point numbers accurately", 1990) and leaves all others to the caller.
 *
 * What is given a caller's values or an answer returns None for what it does not do; Python then does it, or
 * says what is wrong.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* ",-0.0000123456789" and ",-1.23456789e-38" fit. */
#define MOST_TEXT 20

/* ---- one number as text ---------------------------------------------------------------------------- */

#define LOWEST_POWER (-31)

/* Whether each step of arithmetic is rounded to a double, and not computed in more bits. */
#define EXACT_STEPS (FLT_EVAL_METHOD == 0)

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

#if PY_LITTLE_ENDIAN && defined(__GNUC__)
#define HAS_FRACTION_TEXT 1

/* Write a number below 1 and not much smaller, as most numbers of vectors are, without branches; return the end
 * of its text, or NULL where it is none. */
static inline char *fraction_text(char *text, uint32_t digits, int exponent)
{
    uint32_t first = digits / 100000000, eight = digits % 100000000;
    uint64_t letters = eight / 10000 | (uint64_t)(eight % 10000) << 32, tens;
    int point, skipped, zeros;

    /* Cut into fours, pairs and single digits, the first in the lowest byte. */
    tens = (letters * 10486 >> 20) & UINT64_C(0x0000007F0000007F);
    letters = tens | (letters - 100 * tens) << 16;
    tens = (letters * 103 >> 10) & UINT64_C(0x000F000F000F000F);
    letters = tens | (letters - 10 * tens) << 8;
    if (letters == 0)
        return NULL;
    zeros = __builtin_clzll(letters) / 8;
    skipped = first ? 0 : __builtin_ctzll(letters) / 8;
    point = 8 - skipped + (first != 0) + exponent;
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

/* A float32 and the shortest decimal that names it, digits * 10**exponent. */
typedef struct {
    uint32_t bits;
    uint32_t digits;
    int exponent;
    int sure;
} Decimal;

/* Find the decimal of a finite float32 if that is done quickly; decimal->sure says whether. */
static inline void find_quickly(float number, Decimal *decimal)
{
    uint32_t bits;

    memcpy(&bits, &number, 4);
    decimal->bits = bits;
    decimal->sure =
        shortest_of_most(bits & 0x7FFFFFFFu, fabsf(number), &decimal->digits, &decimal->exponent);
}

/* Write a number of which the decimal was sought; return the end of its text. */
static inline char *number_text(char *text, Decimal decimal)
{
    uint32_t bits = decimal.bits & 0x7FFFFFFFu;

    *text = '-';
    text += decimal.bits >> 31;
    if (bits == 0) {
        memcpy(text, "0.0", 3);
        return text + 3;
    }
    if (!decimal.sure)
        shortest(bits, &decimal.digits, &decimal.exponent);
#ifdef HAS_FRACTION_TEXT
    {
        char *end = fraction_text(text, decimal.digits, decimal.exponent);

        if (end != NULL)
            return end;
    }
#endif
    return any_text(text, decimal.digits, decimal.exponent);
}

static inline int is_finite(float number)
{
    return number - number == 0;
}

/* ---- vectors as text ------------------------------------------------------------------------------- */

/* Take a float or an int, and no bool; say whether it was one that a float32 can hold. */
static inline int number_of(PyObject *item, float *number)
{
    double wide;

    if (PyFloat_Check(item)) {
        wide = PyFloat_AsDouble(item);
    }
    else if (Py_TYPE(item) == &PyLong_Type) {
        wide = PyLong_AsDouble(item);
        if (wide == -1 && PyErr_Occurred()) {
            PyErr_Clear(); /* too large for a double */
            return 0;
        }
    }
    else {
        return 0;
    }
    *number = (float)wide;
    return is_finite(*number);
}

/* Return the numbers of a list as the bytes of float32, or None where one is none that a float32 can hold. */
static PyObject *narrow_list(PyObject *list)
{
    Py_ssize_t count = PyList_Size(list), place;
    PyObject *narrow = PyBytes_FromStringAndSize(NULL, count * (Py_ssize_t)sizeof(float));
    float *numbers;

    if (narrow == NULL)
        return NULL;
    numbers = (float *)PyBytes_AsString(narrow);
    for (place = 0; place < count; place++) {
        /* This runs no Python code that could change the list. */
        if (!number_of(PyList_GetItem(list, place), numbers + place)) {
            Py_DECREF(narrow);
            Py_RETURN_NONE;
        }
    }
    return narrow;
}

/* Return the numbers of a view, of kind f or d, likewise. */
static PyObject *narrow_view(const Py_buffer *view, char kind)
{
    Py_ssize_t count = view->len / view->itemsize, place;
    PyObject *narrow = PyBytes_FromStringAndSize(NULL, count * (Py_ssize_t)sizeof(float));
    float *numbers;
    int finite = 1;

    if (narrow == NULL)
        return NULL;
    numbers = (float *)PyBytes_AsString(narrow);
    for (place = 0; place < count; place++) {
        const char *at = (const char *)view->buf + place * view->itemsize; /* aligned or not */

        if (kind == 'f') {
            memcpy(numbers + place, at, sizeof *numbers);
        }
        else {
            double wide;

            memcpy(&wide, at, sizeof wide);
            numbers[place] = (float)wide;
        }
        finite &= is_finite(numbers[place]);
    }
    if (finite)
        return narrow;
    Py_DECREF(narrow);
    Py_RETURN_NONE;
}

static PyObject *narrow_buffer(PyObject *values)
{
    Py_buffer view;
    const char *format;
    char kind;
    PyObject *narrow;

    if (PyObject_GetBuffer(values, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)) {
        PyErr_Clear(); /* not a buffer, or one with gaps */
        Py_RETURN_NONE;
    }
    format = view.format != NULL ? view.format : "";
    format += *format == '@' || *format == '='; /* numpy says so where they are not aligned */
    kind = *format != 0 && format[1] == 0 ? *format : 0;
    narrow = view.ndim == 1 && (kind == 'f' || kind == 'd') ? narrow_view(&view, kind) : Py_NewRef(Py_None);
    PyBuffer_Release(&view);
    return narrow;
}

PyDoc_STRVAR(narrow_doc,
    "narrow(values, /)\n--\n\n"
    "Copy a list of floats and ints, or a buffer of native floats or doubles, as the bytes of native float32.\n\n"
    "Returns None where it is neither or a number is not a finite float32.");

static PyObject *floats_narrow(PyObject *module, PyObject *values)
{
    (void)module;
    return PyList_Check(values) ? narrow_list(values) : narrow_buffer(values);
}

/* How many numbers are taken together. A processor overlaps the steps of one number with those of the next
 * where these are few, so first all decimals are found and then all are written: a sixth quicker. */
#define BLOCK 64

/* Write float32 numbers as a JSON array; return the end of its text. */
static char *array_text(char *text, const char *numbers, Py_ssize_t count)
{
    Decimal block[BLOCK];

    *text++ = '[';
    while (count > 0) {
        int most = count < BLOCK ? (int)count : BLOCK, place;

        for (place = 0; place < most; place++) {
            float number;

            memcpy(&number, numbers + place * (int)sizeof number, sizeof number); /* aligned or not */
            find_quickly(number, block + place);
        }
        for (place = 0; place < most; place++) {
            text = number_text(text, block[place]);
            *text++ = ',';
        }
        numbers += most * (int)sizeof(float);
        count -= most;
    }
    text -= text[-1] == ',';
    *text++ = ']';
    return text;
}

/* A text, or numbers to be written. */
typedef struct {
    const char *start;
    Py_ssize_t size;
} Part;

/* Write what there is at odd places as numbers, all else as it is; return the end of the text. */
static char *parts_text(char *text, const Part *parts, Py_ssize_t count)
{
    Py_ssize_t place;

    for (place = 0; place < count; place++) {
        if (place % 2) {
            text = array_text(text, parts[place].start, parts[place].size / (Py_ssize_t)sizeof(float));
        }
        else {
            memcpy(text, parts[place].start, (size_t)parts[place].size);
            text += parts[place].size;
        }
    }
    return text;
}

/* Find where the parts of a tuple are, and return how long their text is at most, or -1 for an error. */
static Py_ssize_t find_parts(PyObject *given, Part *parts, Py_ssize_t count)
{
    Py_ssize_t place, room = 0;

    for (place = 0; place < count; place++) {
        char *start;

        if (PyBytes_AsStringAndSize(PyTuple_GetItem(given, place), &start, &parts[place].size))
            return -1;
        parts[place].start = start;
        room += place % 2 ? parts[place].size / (Py_ssize_t)sizeof(float) * MOST_TEXT + 2 : parts[place].size;
    }
    return room;
}

/* Other threads run while so much is written, but not for less: it would be long until it is our turn again. */
#define MUCH_TEXT (1 << 18)

static PyObject *join_tuple(PyObject *given)
{
    Py_ssize_t count = PyTuple_Size(given), room;
    Part *parts = PyMem_Calloc((size_t)count + 1, sizeof *parts);
    char *text = NULL, *end = NULL;
    PyObject *joined = NULL;

    if (parts == NULL)
        return PyErr_NoMemory();
    room = find_parts(given, parts, count);
    if (room >= 0) {
        text = PyMem_Malloc((size_t)room + 1);
        if (text == NULL)
            PyErr_NoMemory();
    }
    if (text != NULL) {
        if (room < MUCH_TEXT) {
            end = parts_text(text, parts, count);
        }
        else {
            Py_BEGIN_ALLOW_THREADS
            end = parts_text(text, parts, count);
            Py_END_ALLOW_THREADS
        }
        joined = PyBytes_FromStringAndSize(text, end - text);
    }
    PyMem_Free(text);
    PyMem_Free(parts);
    return joined;
}

PyDoc_STRVAR(join_doc,
    "join(parts, /)\n--\n\n"
    "Join texts and numbers, which take turns: at odd places stand the bytes of native float32 numbers, as\n"
    "narrow() gives them, that are written as a JSON array.");

static PyObject *floats_join(PyObject *module, PyObject *parts)
{
    PyObject *kept = PySequence_Tuple(parts); /* which nobody changes meanwhile */
    PyObject *joined = kept == NULL ? NULL : join_tuple(kept);

    (void)module;
    Py_XDECREF(kept);
    return joined;
}

PyDoc_STRVAR(write_doc,
    "write(values, /)\n--\n\n"
    "Write what narrow() takes as a JSON array of float32; returns None where it does.");

static PyObject *floats_write(PyObject *module, PyObject *values)
{
    PyObject *narrow = floats_narrow(module, values), *written = NULL;
    char *numbers, *text;
    Py_ssize_t size;

    if (narrow == NULL || narrow == Py_None)
        return narrow;
    if (PyBytes_AsStringAndSize(narrow, &numbers, &size) == 0) {
        size /= (Py_ssize_t)sizeof(float);
        text = PyMem_Malloc((size_t)size * MOST_TEXT + 2);
        if (text == NULL)
            PyErr_NoMemory();
        else
            written = PyBytes_FromStringAndSize(text, array_text(text, numbers, size) - text);
        PyMem_Free(text);
    }
    Py_DECREF(narrow);
    return written;
}

/* ---- vectors from text ----------------------------------------------------------------------------- */

static const double TENS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static inline int is_digit(char letter)
{
    return (unsigned char)(letter - '0') < 10;
}

static inline const char *past_space(const char *text)
{
    while (*text == ' ' || *text == '\n' || *text == '\t' || *text == '\r')
        text++;
    return text;
}

#if PY_LITTLE_ENDIAN
/* Take eight digits at once, if there are; there must be eight bytes of text. */
static inline int eight_digits(const char *text, uint64_t *digits)
{
    uint64_t eight;

    memcpy(&eight, text, 8);
    if (((eight & (eight + UINT64_C(0x0606060606060606)) & UINT64_C(0xF0F0F0F0F0F0F0F0)) !=
         UINT64_C(0x3030303030303030)))
        return 0;
    eight = (eight & UINT64_C(0x0F0F0F0F0F0F0F0F)) * 2561 >> 8;
    eight = (eight & UINT64_C(0x00FF00FF00FF00FF)) * 6553601 >> 16;
    eight = (eight & UINT64_C(0x0000FFFF0000FFFF)) * UINT64_C(42949672960001) >> 32;
    *digits = *digits * 100000000 + eight;
    return 1;
}
#endif

/* Read a number; return its end, or NULL where it is none or one step does not give it exactly.
 * The text ends with a zero byte, at which every loop stops. */
static inline const char *number_at(const char *text, const char *end, double *number)
{
    const char *start;
    uint64_t digits = 0;
    Py_ssize_t room = 19; /* digits that 64 bits hold */
    int negative = *text == '-', exponent = 0;

    text += negative;
    if (*text == '0') {
        text++;
    }
    else {
        for (start = text; is_digit(*text); text++)
            digits = digits * 10 + (uint64_t)(*text - '0');
        room -= text - start;
        if (text == start)
            return NULL;
    }
    if (*text == '.') {
        start = ++text;
#if PY_LITTLE_ENDIAN
        if (end - text >= 8 && eight_digits(text, &digits))
            text += 8;
#endif
        for (; is_digit(*text); text++)
            digits = digits * 10 + (uint64_t)(*text - '0');
        room -= text - start;
        if (text == start || room < 0)
            return NULL;
        exponent = -(int)(text - start);
    }
    if (*text == 'e' || *text == 'E') {
        int minus = *++text == '-', written = 0;

        text += minus || *text == '+';
        for (start = text; is_digit(*text) && written < 100; text++)
            written = written * 10 + (*text - '0');
        if (text == start)
            return NULL;
        exponent += minus ? -written : written;
    }
    if (room < 0 || digits > UINT64_C(1) << 53 || exponent < -22 || exponent > 22)
        return NULL;
    *number = exponent < 0 ? (double)digits / TENS[-exponent] : (double)digits * TENS[exponent];
    if (negative)
        *number = -*number;
    return text;
}

/* Read a JSON array into as many doubles or floats as it has commas and one; return how many there are, -1 for
 * what is left to Python. */
static Py_ssize_t numbers_of(const char *text, const char *end, double *wide, float *narrow)
{
    Py_ssize_t count = 0;
    double number;

    if (!EXACT_STEPS)
        return -1;
    text = past_space(text);
    if (*text++ != '[')
        return -1;
    text = past_space(text);
    while (*text != ']') {
        if (count && *text++ != ',')
            return -1;
        text = number_at(past_space(text), end, &number);
        if (text == NULL)
            return -1;
        if (wide != NULL)
            wide[count++] = number;
        else
            narrow[count++] = (float)number;
        text = past_space(text);
    }
    return past_space(text + 1) == end ? count : -1;
}

static Py_ssize_t most_numbers(const char *text, const char *end)
{
    Py_ssize_t commas = 0;

    while (text < end) {
        const char *block = end - text > 255 ? text + 255 : end;
        unsigned char few = 0; /* in one byte, so that many letters are compared at once */

        for (; text < block; text++)
            few += *text == ',';
        commas += few;
    }
    return commas + 1;
}

PyDoc_STRVAR(read_doc,
    "read(text, /)\n--\n\n"
    "Read a JSON array of numbers, in bytes, as a list of floats.\n\n"
    "Returns None where it is no such array or holds a number that takes more care.");

static PyObject *floats_read(PyObject *module, PyObject *given)
{
    char *text;
    Py_ssize_t length, count, place;
    double *numbers;
    PyObject *list;

    (void)module;
    if (PyBytes_AsStringAndSize(given, &text, &length))
        return NULL;
    numbers = PyMem_Malloc((size_t)most_numbers(text, text + length) * sizeof *numbers);
    if (numbers == NULL)
        return PyErr_NoMemory();
    count = numbers_of(text, text + length, numbers, NULL);
    list = count < 0 ? Py_NewRef(Py_None) : PyList_New(count);
    for (place = 0; list != NULL && place < count; place++) {
        PyObject *number = PyFloat_FromDouble(numbers[place]);

        if (number == NULL || PyList_SetItem(list, place, number))
            Py_CLEAR(list);
    }
    PyMem_Free(numbers);
    return list;
}

PyDoc_STRVAR(pack_doc,
    "pack(text, /)\n--\n\n"
    "Read a JSON array of numbers, in bytes, as the bytes of native float32 numbers.\n\n"
    "Returns None where read() does.");

static PyObject *floats_pack(PyObject *module, PyObject *given)
{
    char *text;
    Py_ssize_t length, count, most;
    PyObject *packed;

    (void)module;
    if (PyBytes_AsStringAndSize(given, &text, &length))
        return NULL;
    most = most_numbers(text, text + length);
    packed = PyBytes_FromStringAndSize(NULL, most * (Py_ssize_t)sizeof(float));
    if (packed == NULL)
        return NULL;
    count = numbers_of(text, text + length, NULL, (float *)PyBytes_AsString(packed));
    if (count == most)
        return packed;
    Py_DECREF(packed);
    return count == 0 ? PyBytes_FromStringAndSize(NULL, 0) : Py_NewRef(Py_None);
}

/* ---- answers --------------------------------------------------------------------------------------- */

/* Return the quote that ends a string, given what follows its first one, or NULL. */
static inline const char *end_of_string(const char *text, const char *end)
{
    for (; text < end; text++) {
        if (*text == '"')
            return text;
        if (*text == '\\')
            text++;
    }
    return NULL;
}

/* Say whether a text can stand in quotes as it is, without spaces other than blanks. */
static inline int can_be_quoted(const char *text, const char *end)
{
    unsigned char wrong = 0;

    for (; text < end; text++) {
        unsigned char letter = (unsigned char)*text;

        wrong |= (letter < ' ') | (letter > 'e') | (letter == '"') | (letter == '[') | (letter == '\\');
    }
    return !wrong;
}

PyDoc_STRVAR(quote_doc,
    "quote_values(text, depth, /)\n--\n\n"
    "Turn the arrays of numbers called values, in objects so deep in a JSON text, into strings, in place.\n\n"
    "A JSON library steps over a string four times as fast as over an array. Returns where they stand, for\n"
    "restore_values, which must be called before anybody else sees the text; or None without any.");

static PyObject *floats_quote_values(PyObject *module, PyObject *args)
{
    PyObject *given, *made = NULL;
    char *text, *end, *place;
    Py_ssize_t length, count = 0, room = 0, *marks = NULL;
    int wanted, depth = 0;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!i:quote_values", &PyBytes_Type, &given, &wanted) ||
        PyBytes_AsStringAndSize(given, &text, &length))
        return NULL;
    end = text + length;
    for (place = text; place < end; place++) {
        char *start, *close;

        if (*place == '{' || *place == '[')
            depth++;
        if (*place == '}' || *place == ']')
            depth--;
        if (*place != '"')
            continue;
        start = place + 1;
        place = (char *)end_of_string(start, end);
        if (place == NULL)
            break;
        if (depth != wanted || place - start != 6 || memcmp(start, "values", 6) != 0)
            continue;
        start = (char *)past_space(place + 1);
        if (*start != ':')
            continue; /* it was no name */
        start = (char *)past_space(start + 1);
        if (*start != '[')
            continue;
        close = memchr(start, ']', (size_t)(end - start));
        if (close == NULL || !can_be_quoted(start + 1, close))
            break; /* and not look at the rest again and again */
        if (count == room) {
            Py_ssize_t *more;

            room = 2 * room + 64;
            more = PyMem_Realloc(marks, (size_t)room * sizeof *marks);
            if (more == NULL)
                break;
            marks = more;
        }
        marks[count++] = start - text;
        marks[count++] = close - text;
        place = close;
    }
    if (count != 0)
        made = PyBytes_FromStringAndSize((char *)marks, count * (Py_ssize_t)sizeof *marks);
    if (made != NULL) {
        Py_ssize_t mark;

        for (mark = 0; mark < count; mark++)
            text[marks[mark]] = '"';
    }
    PyMem_Free(marks);
    return made != NULL || PyErr_Occurred() ? made : Py_NewRef(Py_None);
}

PyDoc_STRVAR(restore_doc, "restore_values(text, marks, /)\n--\n\nUndo what quote_values did.");

static PyObject *floats_restore_values(PyObject *module, PyObject *args)
{
    PyObject *given, *quoted;
    char *text, *marks;
    Py_ssize_t length, size, place, mark;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!O!:restore_values", &PyBytes_Type, &given, &PyBytes_Type, &quoted) ||
        PyBytes_AsStringAndSize(given, &text, &length) || PyBytes_AsStringAndSize(quoted, &marks, &size))
        return NULL;
    for (place = 0; place + (Py_ssize_t)sizeof mark <= size; place += (Py_ssize_t)sizeof mark) {
        memcpy(&mark, marks + place, sizeof mark);
        if (mark >= 0 && mark < length)
            text[mark] = place / (Py_ssize_t)sizeof mark % 2 ? ']' : '[';
    }
    Py_RETURN_NONE;
}

/* ---- the module ------------------------------------------------------------------------------------ */

static PyMethodDef methods[] = {
    {"narrow", floats_narrow, METH_O, narrow_doc},
    {"write", floats_write, METH_O, write_doc},
    {"join", floats_join, METH_O, join_doc},
    {"read", floats_read, METH_O, read_doc},
    {"pack", floats_pack, METH_O, pack_doc},
    {"quote_values", floats_quote_values, METH_VARARGS, quote_doc},
    {"restore_values", floats_restore_values, METH_VARARGS, restore_doc},
    {NULL, NULL, 0, NULL},
};

static int prepare(PyObject *module)
{
    (void)module;
    fill_tables();
    return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)prepare},
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    "pinecone_core._floats",
    "Vectors as JSON text and back.",
    0,
    methods,
    slots,
    NULL,
    NULL,
    NULL,
};

PyMODINIT_FUNC PyInit__floats(void)
{
    return PyModuleDef_Init(&definition);
}
