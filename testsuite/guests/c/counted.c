// Loops that run a known number of times, in the shapes that programs have them: the compiler under test must find their bounds of
// fuel in what clang makes of them.

#define EXPORT(name) __attribute__((export_name(#name)))

typedef unsigned char byte;
typedef unsigned int word;

static float taps[64], line[64];
static int left[16][16], right[16][16], product[16][16];
static byte bytes[256];
static word table[256];

// So that nothing is known of the contents.
EXPORT(set) void set(word index, int value) {
    taps[index % 64] = (float)value;
    left[index / 16 % 16][index % 16] = right[index % 16][index / 16 % 16] = value;
    bytes[index % 256] = (byte)value;
}

EXPORT(filter) float filter(float sample) {
    float sum = 0;
    for (int i = 63; i > 0; i--)
        line[i] = line[i - 1];
    line[0] = sample;
    for (int i = 0; i < 64; i++)
        sum += line[i] * taps[i];
    return sum;
}

EXPORT(multiply) int multiply(void) {
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 16; j++) {
            int sum = 0;
            for (int k = 0; k < 16; k++)
                sum += left[i][k] * right[k][j];
            product[i][j] = sum;
        }
    return product[3][5];
}

EXPORT(crc) word crc(void) {
    for (word n = 0; n < 256; n++) {
        word value = n;
        for (int k = 0; k < 8; k++)
            value = value & 1 ? 0xedb88320u ^ value >> 1 : value >> 1;
        table[n] = value;
    }
    word sum = ~0u;
    for (int i = 0; i < 256; i++)
        sum = table[(sum ^ bytes[i]) & 255] ^ sum >> 8;
    return ~sum;
}

EXPORT(find) int find(int value) {
    for (int i = 0; i < 256; i++)
        if (bytes[i] == value)
            return i;
    return -1;
}

EXPORT(skip) int skip(int value) {
    int sum = 0;
    for (int i = 0; i < 200; i++) {
        if (bytes[i] == value)
            continue;
        if (bytes[i] > 200)
            break;
        sum += bytes[i] * bytes[i + 1];
    }
    return sum;
}

EXPORT(strided) int strided(void) {
    int sum = 0;
    for (int i = 3; i < 250; i += 7)
        sum += bytes[i];
    return sum;
}

EXPORT(wide) long long wide(long long start) {
    for (long long i = 0; i < 1000; i++)
        start += i ^ start << 3;
    return start;
}

__attribute__((noinline)) static int helper(int value) {
    int sum = 0;
    for (int i = 0; i < 10; i++)
        sum = sum * 3 + value + bytes[sum & 255];
    return sum;
}

EXPORT(calls) int calls(int value) {
    for (int i = 0; i < 5; i++)
        value += helper(value + i);
    return value;
}
