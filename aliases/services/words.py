"""The words of generated names: short, friendly, easy to spell, none of them a name of anybody."""

FIRST = """
amber agile airy ample apt arctic autumn azure balmy bold brave breezy brief bright brisk bronze busy calm candid
careful cheery chilly civil clear clever close cloudy coastal cobalt cool copper coral cosy crisp curious daily
dapper daring deep dewy dry dusky eager early easy elder even fabled fair famous fancy fast fine firm fleet fluffy
fond free fresh frosty full gentle giant glad gleeful golden good grand green grey happy hardy hazy hearty hidden
high honest humble icy idle indigo inner ivory jade jolly jovial keen kind large late lavish light lilac little
lively local lofty long loud loyal lucid lucky lunar magic major maple mellow merry mighty mild minty misty modest
mossy narrow navy neat new nimble noble north novel olive open orange outer pale paper patient peach pearly plain
playful plucky polar polite prime proud pure quaint quick quiet rapid rare ready regal rich ripe rosy round royal
ruby rural rustic sandy scarlet secret serene sharp shiny short silent silky silver simple sincere sleek slow small
smart smooth snowy snug soft solar solid south spare spry square stable starry steady still stout strong sturdy
subtle sunny sure swift tall teal tender tidy tiny topaz tranquil true trusty upper urban vast velvet violet vital
vivid warm wary west white whole wide wild windy winter wise witty woven yellow young zesty
"""

SECOND = """
acorn anchor apple arch atlas badger bagel balloon bamboo banjo barn basil beacon bean bear beaver beech bell berry
birch bison blossom boat bonsai book boot bramble branch bread breeze bridge brook broom bucket butter button cabin
cactus camel candle canoe canyon carrot castle cedar cello cherry chest chime cider cliff clock cloud clover cobble
comet compass cookie cotton cove crab crane creek cricket crow crystal cup daisy dawn deer delta desk dolphin door
dove dragon drum dune eagle easel echo elm ember falcon fern ferry fiddle field finch fjord flute forest fossil
fountain fox frog garden garlic gate ginger glacier globe goose grape grove gull hamlet harbor harp hawk hazel hedge
heron hill honey horizon horn hut ibex island ivy jacket jay jigsaw juniper kayak kettle key kite kiwi koala ladder
lagoon lake lamp lantern lark laurel leaf lemon lily linen lizard llama lobster lotus lynx magnet mango maple marble
market marsh meadow melon mill mint mirror mole moon moose moss moth mountain muffin museum nectar nest nettle
nutmeg oak oasis oboe ocean olive onion orchard otter owl oyster paddle palm panda parrot path peach pear pebble
pelican pepper piano picnic pier pigeon pillow pine planet plum pocket pond poplar poppy prairie puffin pumpkin
quail quartz quill rabbit radish raft rain raven reed reef ribbon river robin rocket rook rose saddle sage salmon
sand saturn seal shell shore sketch sky sloth snail sparrow spoon spring spruce squid star stone stork stream sugar
summit sunset swan table tango teapot temple thistle thunder thyme tiger timber toast tower trail train tram tree
trout tulip tunnel turtle valley vase vine viola wagon walnut walrus water wave whale wheat willow window wolf wren
yarn yew zebra
"""
