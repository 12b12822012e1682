"""The words of generated names: short, friendly, easy to spell.

None of them is rude or hurts anybody, alone or beside any of the others; none is best known as a brand, and none as the
name of a person. `tests/aliases/services/test_names.py` says what it looks for.
"""

FIRST = """
agile airy ample arctic autumn azure bold breezy brief bright brisk bronze busy calm candid careful cheery chilly
civil clear clever close cloudy coastal cobalt cool copper cosy crisp curious daily dapper daring deep dewy dry eager
early easy elder even fabled fair famous fancy fast fine firm fleet fluffy free fresh frosty gentle glad gleeful
golden good grand green grey happy hazy hearty hidden high humble icy inner ivory jolly jovial keen kind lavish light
lilac little lively local lofty long loud loyal lucid lucky lunar major maple mellow mighty mild minty modest mossy
narrow neat new nimble noble north novel outer paper patient pearly plain playful plucky polite pure quaint quick
quiet rapid rare ready rosy round rural rustic sandy serene sharp shiny short silent silky silver simple sincere sleek
slow small smart smooth snowy snug soft solar solid south square stable starry steady still strong subtle sunny sure
swift tall teal tidy tiny tranquil true trusty upper vast velvet vital vivid warm wary west whole wide windy winter
wise witty woven zesty
"""

SECOND = """
acorn anchor badger bagel balloon bamboo barn beacon bear beech birch bison blossom boat bonsai book bramble branch
bread breeze bridge brook broom bucket butter button cabin cactus candle canoe carrot cedar cello cider cliff clock
cloud clover cobble comet cookie cotton cove crane creek crystal deer desk dolphin door dragon dune eagle easel ember
fern ferry fiddle field finch fjord flute forest fossil fountain fox frog garlic gate glacier globe gull hamlet harbor
harp hawk hedge heron hill honey horizon ibex island jigsaw juniper kite kiwi koala ladder lake lamp lantern lark
lemon linen lizard lobster lotus maple marble market marsh meadow mill mirror moon moss moth mountain muffin museum
nectar nutmeg oak oasis oboe ocean onion orchard otter owl oyster paddle palm panda parrot path pear pebble pelican
pepper piano pigeon pillow pine planet plum pocket pond poplar poppy prairie pumpkin quail quartz quill rabbit radish
rain raven reed reef ribbon river salmon sand sketch sparrow spring spruce stone stork stream sugar sunset swan teapot
temple thistle thyme tiger timber toast tower trail tram tree trout tulip tunnel turtle valley vase vine wagon walrus
wave whale wheat willow window wolf yarn
"""
