"""Each night, and after a restore: is everything that the PBX reported really in Zoho?"""
