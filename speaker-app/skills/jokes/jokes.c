/* Jokes. Each is told once before any is told again, and none twice in a row, also not across that seam. */
#include "skill.h"

static const struct text jokes[] = {
    TEXT("My alarm clock and I had an argument. It went off first."),
    TEXT("I asked the freezer for advice. It told me to chill."),
    TEXT("Why did the microphone break up with the loudspeaker? It only ever heard one side."),
    TEXT("I wanted to tell you a joke about silence."),
    TEXT("What do you call a timer with no patience? A stopwatch that started."),
    TEXT("The light bulb did so well at school that everyone called it bright."),
    TEXT("Why was the kettle so proud? It had worked its way up to boiling point."),
    TEXT("My cookbook has a happy ending. It is a dessert."),
    TEXT("Two walls made a plan for the evening. They met at the corner."),
    TEXT("Why do calendars never feel alone? They always have dates."),
    TEXT("The ladder and I get along well. We just take it one step at a time."),
    TEXT("I would tell you the one about the echo, but you would hear it again, again, again."),
    TEXT("Why did the sock go to the party alone? Nobody ever finds the other one."),
    TEXT("What does a cloud wear under its coat? Thunder wear."),
    TEXT("I know a good one about a lift, but it works on so many levels."),
    TEXT("Why did the tomato win the race? It could not let the carrot catch up."),
};

enum { COUNT = sizeof jokes / sizeof jokes[0] };
_Static_assert(COUNT <= 32, "a bit for each");

/* A bit for each joke that was told in this round, and the last one, or COUNT. */
static uint32_t told;
static uint32_t last;

static bool start(void)
{
    told = 0;
    last = COUNT;
    return true;
}

static bool may_be_told(uint32_t joke)
{
    return joke != last && !(told >> joke & 1);
}

static uint32_t choose(void)
{
    uint32_t left = 0;
    for (uint32_t joke = 0; joke < COUNT; joke++)
        left += may_be_told(joke);
    if (left == 0) {
        /* A new round. The last joke is still not to be repeated, so one fewer is left. */
        told = 0;
        left = COUNT - 1;
    }
    /* The bias of a remainder of 64 random bits is nothing that anybody could hear. */
    uint32_t skip = (uint32_t)((uint64_t)host_random() % left);
    uint32_t joke = 0;
    while (!may_be_told(joke) || skip-- > 0)
        joke++;
    return joke;
}

static void on_intent(struct text message)
{
    if (!text_is(message_get(message, TEXT("intent")), TEXT("SaggarTellJoke")))
        return;
    last = choose();
    told |= UINT32_C(1) << last;
    reply_say(jokes[last]);
}

static void on_event(struct text message)
{
    (void)message;
}
