/* What this skill does. */
#include "skill.h"

static bool start(void)
{
    return true;
}

static void on_intent(struct text message)
{
    if (text_is(message_get(message, TEXT("intent")), TEXT("{{intent}}")))
        reply_say(TEXT("Hello from {{spoken}}."));
}

static void on_event(struct text message)
{
    (void)message;
}
