"""What the students of the demo world wrote: examples, introductions, questions, essays."""

from __future__ import annotations

# For the share board: title, link, reason. Seventeen of twenty-four have shared by now.
EXAMPLES = {
    "Amina Rahman": (
        "Tram poster: “Your stop is a forest”",
        "tram-forest",
        "It speaks to people who sit in the tram **now**. Car drivers never see it, and it is not for them.",
    ),
    "Lin Chen": (
        "Oat drink that lists what it does not contain",
        "oat-list",
        "For people who read labels. Whoever does not read labels sees an empty carton.",
    ),
    "Siobhán O'Connor": (
        "A bank that apologises in its advert",
        "bank-sorry",
        "Aimed at customers who left. It frames the loss of trust as a fact and asks for one more chance.",
    ),
    "Priya Raghunathan": (
        "Hearing aids shown as earphones",
        "hearing",
        "Same product, other frame: not illness but music. I would show it to fifty-year-olds, not to their parents.",
    ),
    "Mateusz Wiśniewski": (
        "Night bus: “Home before the headache”",
        "night-bus",
        "It fits the segment exactly: people between twenty and thirty, Friday, one drink too many.",
    ),
    "Fatima El Amrani": (
        "Library card as a gym pass",
        "library-gym",
        "Behavioural segment: people who make plans in January. The second picture shows them in March, still reading.",
    ),
    "Noah de Boer": (
        "Second-hand phones: “Already broken in”",
        "broken-in",
        "Turns a weakness into a promise. My parents would not buy it, my sister did.",
    ),
    "Yusuf Yıldırım": (
        "A bakery that sells yesterday's bread first",
        "yesterday-bread",
        "One line for two segments: those who save money, and those who hate waste.",
    ),
    "Charlotte van den Bergh-Oosterwijk": (
        "Retirement advice drawn as a comic",
        "pension-comic",
        "People of my age do not read about pensions. I read this one to the end, then I looked up mine.",
    ),
    "Kwame Mensah": (
        "Football club asks for blood donors",
        "red-shirt",
        "The shirt lost its red stripes until enough people had given blood. Only fans understand the message at once.",
    ),
    "Inês Figueiredo": (
        "Swimming lessons for adults",
        "adult-swim",
        "It never says “learn”, it says “finally”. Nobody is made to feel late.",
    ),
    "Tuğçe Demir": (
        "Energy company shows the bill of a neighbour",
        "neighbour-bill",
        "Compares you with people like you. It works because the segment is your own street.",
    ),
    "Lars Jørgensen": (
        "Bicycle helmet that looks like a hat",
        "helmet-hat",
        "For those who know that they should and do not want to. The frame is style; safety is in the small print.",
    ),
    "Dieu-Merci Kabongo wa Tshibanda": (
        "Money transfer: “Sunday lunch, from 6,000 km away”",
        "sunday-lunch",
        "I am the segment. It shows the table at home and not the telephone.",
    ),
    "Sofia Papadopoulou": (
        "Museum at night for people without children",
        "museum-night",
        "The day programme says “bring the family”. This one says nothing about family, and I felt invited.",
    ),
    "Oluwaseun Adébáyọ̀": (
        "Job advert for nurses in the form of a thank-you card",
        "thank-you",
        "Nurses who left the job are a segment of their own. It begins with what they did, not with what is needed.",
    ),
    "Giulia D'Angelo": (
        "Supermarket puts the price per meal on the shelf",
        "per-meal",
        "Helps people who cook for one. Large families compare per kilo and do not care.",
    ),
}

STRENGTHS = (
    ("keeping a plan", "somebody who has ideas when I have none"),
    ("drawing", "somebody who likes numbers"),
    ("talking to strangers", "somebody who writes things down"),
    ("spreadsheets", "somebody who asks people and does not only count them"),
    ("finding mistakes", "somebody patient"),
    ("making films with my phone", "somebody who reads the chapter before me"),
    ("asking why", "somebody who asks when"),
    ("writing short", "somebody who tells me when it is too short"),
)

CLASS_QUESTIONS = {
    "Amina Rahman": "Can somebody be in two segments at once, and which message do they get then?",
    "Noah de Boer": "How small may a segment be before it is not worth a message of its own?",
    "Tuğçe Demir": "Is it allowed to frame a fact in a way that frightens people?",
    "Bram Verhoeven": "What is the difference between a persona and a stereotype?",
    "Giulia D'Angelo": "In the clip the frames are tested one after the other. Should that not be two groups?",
}

# The kick-off essay: first lines. Everybody's goes on with the same two sentences of the template.
ESSAYS = (
    "A poster in the tram made me get off two stops early and walk through the park.",
    "An advert for hearing aids made my grandmother angry, and then she bought one.",
    "The red shirt of my football club lost its stripes, and I gave blood for the first time.",
    "A supermarket wrote the price per meal on the shelf. I cook more often since then.",
    "My bank apologised. I stayed, and I still do not know whether that was right.",
    "A song of four notes makes me think of one brand, and I do not want it to.",
)

FEEDBACK = "You describe precisely what you saw and what you did. What is missing is the receiver: who else saw it?"
REMARKS = (
    "Strong first sentence: I see the tram before me.",
    "Here you say “everybody”. Who is that? Name the segment.",
    "Next step: ask one person who saw the same poster and did **not** get off.",
)
OTHER_FEEDBACK = (
    ("8", "Clear and honest. Say next time how you know that it was the campaign that changed you."),
    ("6.5", "A good example, told too quickly. Take one moment of it and slow down."),
    ("9", "You found the receiver, the noise and the effect. Keep this for the case in week 2."),
    ("7", "The campaign is well described; what it did to you is only named. Show it."),
)
CHARTER = (
    "We decide by majority, and whoever lost says once more why.",
    "Meetings: Monday 16:00 in the library, Thursday after the tutorial.",
    "Whoever is late twice brings the coffee. Whoever cannot come says so a day before.",
)
