"""The functions that emitted programs are made of.

Every function here is ordinary, checked Python. The search runs these functions, and the emitter
copies the text of those that a program uses, with what they need: what was searched is what is
emitted.
"""
