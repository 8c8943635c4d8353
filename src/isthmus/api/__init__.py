"""HTTP in and out: authenticate, parse, call one service method, render. Knows HTTP, and no SQL."""
