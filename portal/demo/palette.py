"""The colours of the portal's look, as its drawings use them."""

INK, DEEP, FOREST, MOSS, LEAF, MIST = "#1b2721", "#12352a", "#1d4a37", "#5f8a72", "#9db59a", "#cfdccb"
PAPER, SAND, SUN, CLAY, BRICK = "#f8f3e6", "#e9dcb9", "#f6c638", "#d98f6c", "#a3271b"
BLACK, BROWN, AUBURN, GREY, WHITE = "#17120f", "#4a2f1d", "#a4542a", "#d9d9d6", "#ffffff"
