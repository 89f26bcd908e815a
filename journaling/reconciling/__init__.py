"""Each night: is everything that the PBX reported really in Zoho?"""
