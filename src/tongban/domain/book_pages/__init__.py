"""The pages of the register (登记簿) of one unit, made from its entries alone, as they stood at any moment.

`versions` folds the entries into everything that was ever in force and what ended it; `statutory` lays that out in the
columns of the forms of 国土资发〔2015〕25号; `plain_words` says what it means to whoever owns or buys the unit.
"""
