/* What a skill in C is written with: the host's functions, messages, and a reply. Everything is `static inline`, so that a skill is
 * one file and carries only what it uses. There is no C library and no heap: messages live in two static buffers.
 *
 * A skill includes this file once, defines `start`, `on_intent` and `on_event`, and needs no more. */
#ifndef SKILL_H
#define SKILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The sizes of the buffers; define them before the inclusion for others. */
#ifndef SKILL_MESSAGE_BYTES
#define SKILL_MESSAGE_BYTES 1024
#endif
#ifndef SKILL_REPLY_BYTES
#define SKILL_REPLY_BYTES 512
#endif

/* The host's functions. One that is not called is not imported, and needs no permission. */
#define HOST(name) __attribute__((import_module("speaker"), import_name(#name)))
HOST(say) void host_say(const char *text, size_t len);                                               /* speak */
HOST(ask) void host_ask(const char *text, size_t len);                                               /* speak, microphone */
HOST(play) int32_t host_play(const char *name, size_t len);                                          /* music */
HOST(music) int32_t host_music(int32_t command, int32_t value);                                      /* music */
HOST(timer_set) int32_t host_timer_set(int64_t milliseconds, const char *tag, size_t len);           /* timers */
HOST(timer_cancel) int32_t host_timer_cancel(int32_t id);                                            /* timers */
HOST(timer_list) int32_t host_timer_list(char *to, size_t capacity);                                 /* timers */
HOST(kv_get) int32_t host_kv_get(const char *key, size_t key_len, char *to, size_t capacity);        /* storage */
HOST(kv_put) int32_t host_kv_put(const char *key, size_t key_len, const char *value, size_t len);    /* storage */
HOST(log) void host_log(const char *text, size_t len);
HOST(now) int64_t host_now(void);                                                                    /* clock */
HOST(local_offset_minutes) int32_t host_local_offset_minutes(void);                                  /* clock */
HOST(random) int64_t host_random(void);
HOST(http_fetch) int32_t host_http_fetch(const char *url, size_t len);                               /* http */
HOST(home_call) int32_t host_home_call(const char *call, size_t len);                                /* home */

/* A piece of text; it does not end in a zero. */
struct text {
    const char *at;
    size_t len;
};

#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})

static inline bool text_is(struct text one, struct text other)
{
    if (one.len != other.len)
        return false;
    for (size_t i = 0; i < one.len; i++)
        if (one.at[i] != other.at[i])
            return false;
    return true;
}

/* The value of a key in a message of lines `key=value`, or an empty text. Escapes are left in it. */
static inline struct text message_get(struct text message, struct text key)
{
    size_t at = 0;
    while (at < message.len) {
        size_t end = at;
        while (end < message.len && message.at[end] != '\n')
            end++;
        struct text line = {message.at + at, end - at};
        if (line.len > key.len && line.at[key.len] == '=' && text_is((struct text){line.at, key.len}, key))
            return (struct text){line.at + key.len + 1, line.len - key.len - 1};
        at = end + 1;
    }
    return (struct text){message.at, 0};
}

static char skill_message[SKILL_MESSAGE_BYTES];
static char skill_reply[SKILL_REPLY_BYTES];
static size_t skill_reply_len;
static bool skill_asks;

static inline void skill_put(char byte)
{
    if (skill_reply_len < sizeof skill_reply)
        skill_reply[skill_reply_len++] = byte;
}

/* Appends to what is said. What would not fit, with room for the mark behind it, is left out as a whole: half a character is none. */
static inline void reply_say(struct text text)
{
    if (skill_reply_len == 0)
        for (const char *c = "say="; *c; c++)
            skill_put(*c);
    if (text.len * 2 + sizeof "\nask=1" > sizeof skill_reply - skill_reply_len)
        return;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\n' || text.at[i] == '\\')
            skill_put('\\');
        skill_put(text.at[i] == '\n' ? 'n' : text.at[i]);
    }
}

/* Appends a question: the speaker keeps listening, where the permission `microphone` is granted. */
static inline void reply_ask(struct text question)
{
    reply_say(question);
    skill_asks = true;
}

/* What the skill defines. `on_event` may do nothing. */
static bool start(void);
static void on_intent(struct text message);
static void on_event(struct text message);

#define EXPORT(name) __attribute__((export_name(#name)))

EXPORT(skill_init) int32_t skill_init(void)
{
    return start() ? 0 : -1;
}

EXPORT(skill_alloc) char *skill_alloc(int32_t len)
{
    return len >= 0 && (size_t)len <= sizeof skill_message ? skill_message : NULL;
}

/* Never follows the host's pointer: a message is where `skill_alloc` said, or there is none. */
static inline int64_t skill_answer(const char *at, int32_t len, void (*handle)(struct text))
{
    if (at != skill_message || len < 0 || (size_t)len > sizeof skill_message)
        return 0;
    skill_reply_len = 0;
    skill_asks = false;
    handle((struct text){skill_message, (size_t)len});
    if (skill_reply_len == 0)
        return 0;
    if (skill_asks)
        for (const char *c = "\nask=1"; *c; c++)
            skill_put(*c);
    return (int64_t)((uint64_t)(uintptr_t)skill_reply << 32 | skill_reply_len);
}

EXPORT(skill_on_intent) int64_t skill_on_intent(const char *at, int32_t len)
{
    return skill_answer(at, len, on_intent);
}

EXPORT(skill_on_event) int64_t skill_on_event(const char *at, int32_t len)
{
    return skill_answer(at, len, on_event);
}

EXPORT(skill_close) void skill_close(void)
{
}

#endif
