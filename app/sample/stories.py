"""What has happened at Frigal: some forty tickets, oldest first, in their customers' own words."""

from app.sample.pictures import display, quotation
from app.sample.telling import Story

COLD, AIR, BILLS, PARTS, DEALS = "Frío industrial", "Climatización", "Facturación", "Recambios", "Contratos"
TECH, STORE, OFFICE, SALES = "Servicio técnico", "Recambios", "Facturación", "Comercial"
COVERS = COVERED, BY_CONTRACT, TO_PAY = "En garantía", "Con contrato", "Facturable"
REPAIR, CARE, SUPPLY = "Mantenimiento correctivo", "Mantenimiento preventivo", "Suministro de recambios"

COMPRESSOR = (
    "Autorizo a Frigal a sustituir el compresor de la cámara frigorífica 2 (CM-40, n.º de serie CM40-2021-00871) "
    "por 1.248,50 € más IVA, con intervención mañana de 8:00 a 11:00."
)
QUOTATION = {
    "Presupuesto P-884.pdf": quotation(
        [
            "Frigal Frío Industrial, S. L.", "Presupuesto P-884", "",
            "Cliente: Hotel Bahía Azul", "Equipo: cámara modular CM-40, n.º CM40-2021-00871", "",
            "Compresor hermético: 962,00 EUR", "Mano de obra y gas: 286,50 EUR", "Total sin IVA: 1.248,50 EUR",
        ]
    )
}  # fmt: skip

DAY = 24 * 60  # minutes
FIRST = Story(
    "62d 9:20", "lucia", "Revisión anual de cámaras", "Buenos días. ¿Cuándo os viene bien hacer la revisión anual?",
    category=COLD, group=TECH, to="iker", service=CARE, product="Cámara modular CM-40", tags=["contrato"],
    due=-53 * DAY, steps=[
        ("reply", "62d 10:05", "iker", "Buenos días, Lucía. El jueves que viene a las 9 estamos allí."),
        ("hear", "62d 10:40", "Perfecto, avisad en recepción."),
        ("close", "54d 13:10", "iker", "Revisión hecha: las tres cámaras están en temperatura. Os dejo el parte."),
        ("answered", "52d 8:30", "5", "Sí", "Todo bien. Solo pediría que avisen media hora antes de llegar."),
    ],
)  # fmt: skip

OLD = [
    Story("21d 12:30", "lucia", "Copia del contrato de mantenimiento",
          "Hola, ¿me podéis mandar una copia del contrato? Nos la pide la asesoría.",
          via="form", category=BILLS, priority="low", group=OFFICE),
    Story("20d 9:00", "marisa", "El minibar de la 214 hace hielo", "El minibar de la habitación 214 congela el agua.",
          category=COLD, group=TECH, to="nuria", due=-18 * DAY, steps=[
              ("reply", "20d 9:40", "nuria", "Hola, Marisa. Bajad el termostato al 2 y decidme mañana qué tal."),
              ("hear", "19d 10:10", "Al 2 va perfecto. Gracias."),
              ("close", "19d 10:30", "nuria", "Me alegro. Cierro el aviso; si vuelve, contesta a este correo."),
              ("answered", "18d 9:00", "5", "Sí", "Rapidísimas.")]),
    Story("19d 8:15", "ramon", "Revisión de gases fluorados", "Nos toca la inspección de gases este trimestre, ¿no?",
          via="desk", category=COLD, group=TECH, to="iker", service=CARE, due=-13 * DAY, steps=[
              ("reply", "19d 8:50", "iker", "Así es. Os propongo el lunes a primera hora."),
              ("hear", "18d 11:00", "El lunes bien."),
              ("close", "14d 12:00", "iker", "Inspección hecha, sin fugas. El certificado va en el portal."),
              ("answered", "13d 9:15", "4", "Sí")]),
    Story("18d 10:00", "aurora", "Cambio de cuenta bancaria", "Os mando la nueva cuenta para los recibos.",
          category=BILLS, priority="low", group=OFFICE, to="daniel", steps=[
              ("reply", "18d 10:45", "daniel", "Apuntada, Aurora. Se usa desde el recibo de este mes."),
              ("done", "18d 12:00")]),
    Story("17d 16:20", "carmen", "La vitrina empaña el cristal", "Por las tardes el cristal se empaña y no se ve nada.",
          category=COLD, group=TECH, to="iker", product="Vitrina VX-90", serial="VX90-2023-00588", due=-17 * DAY,
          steps=[
              ("reply", "17d 17:05", "iker", "Suele ser la resistencia del marco. Paso mañana por la mañana."),
              ("note", "16d 11:30", "iker", "Resistencia abierta, cambiada. En garantía."),
              ("close", "16d 11:40", "iker", "Cambiada la resistencia del cristal. Estaba en garantía."),
              ("answered", "15d 20:00", "5", "Sí", "Muy amable.")]),
    Story("16d 9:30", "gonzalo", "Olor al arrancar el aire", "Al encender el aire huele a humedad diez minutos.",
          via="form", category=AIR, group=TECH, to="nuria", due=-10 * DAY, steps=[
              ("reply", "16d 10:30", "nuria", "Es el filtro y la bandeja. Os lo limpiamos en la visita del mes."),
              ("close", "11d 13:00", "nuria", "Filtros y bandeja limpios, con bactericida."),
              ("answered", "10d 21:00", "3", "En parte", "Huele menos, pero aún huele.")]),
    Story("15d 11:00", "helen", "Two split units to quote", "Could you quote two units for the top flats?",
          category=DEALS, group=SALES, to="nuria", steps=[
              ("reply", "15d 12:20", "nuria", "Of course, Helen. Two CL-35 fitted come to 2,380 € plus VAT."),
              ("hear", "13d 9:00", "Thank you. We will decide in January."),
              ("status", "13d 9:20", "nuria", "resolved")]),
    Story("14d 8:30", "soler", "El compresor vibra", "El compresor de la consulta 2 vibra más de lo normal.",
          via="form", category=COLD, group=TECH, to="iker", due=-12 * DAY, steps=[
              ("reply", "14d 8:55", "iker", "Paso esta tarde, doctor."),
              ("close", "13d 17:00", "iker", "Tacos de goma cambiados."),
              ("answered", "13d 21:00", "4", "Sí")]),
    Story("14d 9:05", "lucia", "Limpieza de conductos de la planta 3", "¿La limpieza de conductos va en el contrato?",
          via="form", category=AIR, group=TECH, to="nuria", service=CARE, tags=["contrato"], due=1500, steps=[
              ("reply", "14d 10:00", "nuria", "No entra, Lucía, pero te paso el precio cerrado para autorizarlo."),
              ("ask", "13d 9:00", "nuria", "Limpieza de los conductos de la planta 3, de noche y en dos jornadas. "
               "Precios sin IVA.", None, [("Limpieza de conductos", "520.00"), ("Filtros nuevos", "120.00"),
                                          ("Desinfección del climatizador", "95.00")]),
              ("authorize", "13d 18:30", {3: "La hicimos en junio, no hace falta repetirla."})]),
    Story("13d 13:00", "joan", "Presupuesto de segunda enfriadora", "Queremos otra enfriadora para la nave nueva.",
          category=DEALS, group=SALES, to="nuria", steps=[
              ("reply", "13d 16:00", "nuria", "Joan, necesito el plano de la nave para dimensionarla."),
              ("status", "12d 9:00", "nuria", "pending", "visit")]),
]  # fmt: skip

RECENT = [
    Story("12d 12:10", "olga", "Cambio de titular del contrato", "Hemos cambiado de sociedad, ¿qué necesitáis?",
          via="form", category=DEALS, priority="low", group=OFFICE, to="daniel", steps=[
              ("reply", "12d 13:00", "daniel",
               "Para tramitarlo necesitamos el CIF nuevo y una copia de la escritura.")]),
    Story("11d 9:00", "nelida", "Fuga de agua en la sala de máquinas", "Hay un charco bajo la bomba de la central.",
          category=COLD, priority="urgent", group=TECH, to="iker", serial="CR8-2024-00017",
          product="Central de frío CR-8", due=-10 * DAY, steps=[
              ("reply", "11d 9:08", "iker", "Cerrad la llave azul. Salgo para allá."),
              ("note", "11d 12:00", "iker", "Junta de la bomba. Cambiada. Pedir dos de repuesto a João."),
              ("close", "11d 12:30", "iker", "Junta cambiada y circuito purgado."),
              ("answered", "11d 20:10", "5", "Sí", "En cuarenta minutos estaban aquí.")]),
    Story("10d 10:20", "sergio", "Filtros para a câmara de peixe", "Bom dia. Precisamos de quatro filtros PV-10341.",
          category=PARTS, group=STORE, to="joao", service=SUPPLY, order="PV-10341", due=-7 * DAY, steps=[
              ("reply", "10d 11:00", "joao", "Bom dia, Sérgio. Saem hoje, chegam na quinta."),
              ("close", "8d 10:00", "joao", "Entregues e assinados pelo armazém."),
              ("answered", "7d 9:00", "4", "Sí")]),
    Story("9d 18:40", "gonzalo", "Ampliar el contrato a la segunda planta",
          "Vamos a abrir la segunda planta en enero y queremos meterla en el contrato.",
          via="form", category=DEALS, group=SALES, to="nuria", tags=["contrato"], steps=[
              ("reply", "8d 9:30", "nuria", "Hola, Gonzalo. Te mando el anexo con las seis máquinas nuevas."),
              ("ask", "1d 12:20", "nuria", "Autorizo la ampliación del contrato de mantenimiento a la segunda planta: "
               "seis equipos más, 84,00 € al mes más IVA desde el 1 de enero.")]),
    Story("9d 19:00", "aurora", "La nevera de vacunas avisa", "La nevera pita una vez por hora, pero marca 4 grados.",
          category=COLD, priority="high", group=TECH, to="iker", due=-9 * DAY, steps=[
              ("reply", "9d 19:10", "iker", "Es el aviso de la sonda. Mañana a las 8 os la cambio."),
              ("close", "8d 8:40", "iker", "Sonda cambiada y registro de temperaturas revisado."),
              ("answered", "8d 13:00", "5", "Sí")]),
    Story("8d 11:30", "pilar", "El comedor no llega a 21 grados", "Los niños comen con abrigo.", category=AIR,
          group=TECH, to="nuria", due=-7 * DAY, steps=[
              ("reply", "8d 11:50", "nuria", "Hoy mismo lo miramos."),
              ("close", "8d 17:30", "nuria", "Válvula atascada en la impulsión. Resuelto."),
              ("answered", "7d 12:00", "4", "Sí")]),
    Story("7d 8:50", "marisa", "Ruido en la unidad de azotea", "Los clientes del ático se quejan del ruido.",
          category=AIR, group=TECH, to="iker", due=2900, own={"Cobertura": BY_CONTRACT}, steps=[
              ("reply", "7d 9:20", "iker", "Subo el viernes a ponerle silentblocks."),
              ("status", "6d 9:00", "iker", "pending", "part")]),
    Story("6d 10:15", "joan", "Temperatura de la sala de barricas", "¿Qué temperatura pongo de noche en invierno?",
          category="question", priority="low", group=TECH, to="nuria", steps=[
              ("reply", "6d 10:50", "nuria", "Trece grados y 75 % de humedad."), ("done", "6d 11:10")]),
    Story("6d 12:00", "sergio", "Pedido de filtros PV-10341 incompleto",
          "Só chegaram dois filtros dos quatro do pedido.", category=PARTS, group=STORE, to="joao", service=SUPPLY,
          order="PV-10341", steps=[
              ("reply", "5d 9:30", "joao", "Saem hoje os dois que faltavam, com o transporte da tarde.")]),
    Story("6d 13:15", "oscar", "El taller no enfría", "El aire del taller echa aire caliente desde el lunes.",
          via="chat", category=AIR, group=TECH, to="nuria", serial="CL35-2023-01502", due=-4 * DAY, steps=[
              ("reply", "6d 13:40", "nuria", "Mañana paso a mirar el gas."),
              ("close", "5d 12:00", "nuria", "Recarga de gas y prueba de estanqueidad."),
              ("answered", "4d 12:00", "2", "No", "Ha vuelto a calentarse hoy."),
              ("hear", "4d 12:05", "Ha vuelto a pasar: a los diez minutos sale caliente.", "form")]),
    Story("5d 8:20", "andres", "Filtros de la planta baja", "¿Cada cuánto se limpian los filtros?",
          category="question", priority="low", group=TECH, to="iker", steps=[
              ("reply", "5d 8:45", "iker", "Cada dos meses; el próximo cambio es en enero."), ("done", "4d 9:00")]),
    Story("5d 9:10", "ines", "Presupuesto de válvulas de expansión", "¿Nos pasáis precio de las seis válvulas?",
          via="desk", category=PARTS, group=STORE, to="marta", service=SUPPLY, due=250, steps=[
              ("reply", "5d 10:00", "marta", "Claro, Inés. Ahora te llega la petición con el importe."),
              ("ask", "4d 9:00", "marta", "Autorizo a Frigal a suministrar seis válvulas de expansión TX-2 por "
               "412,80 € más IVA."),
              ("deny", "80m", "El importe no coincide con el contrato")]),
    Story("5d 12:30", "carmen", "Formación sobre la vitrina", "¿Podéis enseñar a la chica nueva a limpiarla?",
          category="question", priority="low", group=TECH, to="iker", steps=[
              ("reply", "5d 13:00", "iker", "Claro, el martes después de comer."), ("done", "4d 18:00")]),
    Story("4d 8:20", "lucia", "El termostato del salón Levante marca 4 grados de más",
          "Marca 25 y en el salón hace 21. Hemos probado a apagarlo y sigue igual.",
          category=AIR, group=TECH, to="nuria", product="Fancoil FC-200", serial="FC200-2019-03114",
          own={"Cobertura": BY_CONTRACT, "Visita acordada": 2}, steps=[
              ("reply", "1d 17:40", "nuria", "Lucía, hay que calibrar la sonda. ¿Os viene bien el jueves por la "
               "mañana, antes de las 11?")]),
    Story("4d 9:50", "ramon", "Sustituir ventilador del evaporador EV-3",
          "El ventilador de la derecha se ha parado y el otro hace ruido.",
          via="form", category=COLD, group=TECH, to="marta", product="Evaporador EV-3", serial="EV3-2018-00412",
          due=112, own={"Cobertura": TO_PAY, "Horas de marcha": "31200"}, steps=[
              ("reply", "3d 9:00", "marta", "Ramón, hay que cambiar el ventilador. Te pido la autorización."),
              ("ask", "1d 9:00", "marta", "Autorizo a Frigal a sustituir el ventilador derecho del evaporador EV-3 por "
               "318,00 € más IVA, mano de obra incluida."),
              ("authorize", "26m")]),
    Story("4d 10:30", "andres", "Certificado de eficiencia", "Necesitamos el certificado para la licencia.",
          category="question", priority="low", group=OFFICE, to="daniel", due=-2 * DAY, steps=[
              ("reply", "4d 11:00", "daniel", "Te lo mando hoy, Andrés."),
              ("close", "3d 9:00", "daniel", "Enviado por correo y guardado en vuestro expediente."),
              ("answered", "2d 9:00", "4", "Sí")]),
    Story("4d 11:15", "teresa", "Factura con dirección antigua", "La factura de octubre lleva la dirección vieja.",
          category=BILLS, priority="low", group=OFFICE, to="daniel", steps=[
              ("reply", "3d 10:00", "daniel", "Rectificada, Teresa. Va adjunta la nueva."), ("done", "3d 12:00")]),
    Story("4d 11:40", "carmen", "Manual de la vitrina VX-90", "¿Me mandáis el manual de la vitrina? Lo hemos perdido.",
          category="question", priority="low", group=STORE, to="daniel", product="Vitrina VX-90", steps=[
              ("reply", "1d 11:20", "daniel", "Te adjunto el manual en PDF y la hoja de limpieza.",
               {"Manual VX-90.pdf": quotation(["Vitrina VX-90", "Manual de uso y limpieza"])})]),
    Story("4d 12:20", "nelida", "Repuesto de la junta de la bomba", "Queremos tener dos juntas en almacén.",
          category=PARTS, group=STORE, to="joao", service=SUPPLY, steps=[
              ("reply", "3d 13:00", "joao", "Pedidas al fabricante, tardan una semana."),
              ("status", "3d 13:05", "joao", "pending", "supplier")]),
]  # fmt: skip

NOW = [
    Story("3d 8:12", "lucia", "La cámara frigorífica 2 no baja de 9 °C",
          "Buenos días. La cámara 2, la del pescado, se ha quedado en 9 °C desde anoche y no baja. El compresor "
          "arranca, da un golpe y se para. El viernes tenemos una boda de 180 cubiertos.",
          category=COLD, priority="high", group=TECH, to="marta", service=REPAIR, product="Cámara modular CM-40",
          serial="CM40-2021-00871", order="PV-10382", tags=["frío industrial", "compresor"], due=340,
          own={"Cobertura": TO_PAY, "Visita acordada": 1, "Horas de marcha": "18450"},
          cc=["mantenimiento@bahiaazul.example"],
          files={"panel-camara-2.png": display("9C"), "compresor.png": display("-20", colour=(90, 190, 120))}, steps=[
              ("reply", "3d 9:03", "marta", "Buenos días, Lucía. Por lo que describes, el compresor corta por térmico. "
               "Iker puede pasar hoy a las 12:30 a medirlo; no hace falta que paréis la cámara 1."),
              ("hear", "3d 9:15", "Perfecto, le espero en recepción. Si hay que cambiar algo, decidme antes cuánto "
               "sería."),
              ("note", "3d 13:41", "iker", "Devanado a masa, no tiene arreglo. Hay uno en almacén. @Marta fuera de "
               "garantía desde marzo: pide autorización antes de mandarme."),
              ("reply", "16m", "marta", "Hola, Lucía. Iker ha confirmado que el compresor no tiene arreglo. Tenemos "
               "uno en almacén: si lo autorizas hoy, mañana a las 11 la cámara está en frío, antes de la boda."),
              ("ask", "14m", "marta", COMPRESSOR, QUOTATION,
               [("Compresor hermético de 3 CV", "962.00"), ("Mano de obra y gas R-290", "286.50")])]),
    Story("3d 16:00", "marisa", "Cambiar la visita de diciembre", "¿Podemos pasar la visita al día 16?",
          category="question", priority="low", group=TECH, to="iker", steps=[
              ("reply", "3d 16:30", "iker", "Cambiada al 16 a las 10."), ("done", "2d 9:00")]),
    Story("2d 9:00", "joan", "Ruido metálico al arrancar la enfriadora",
          "Desde ayer la enfriadora hace un ruido metálico al arrancar. Luego se calla.",
          category=COLD, priority="high", group=TECH, to="nuria", product="Enfriadora EF-120",
          serial="EF120-2020-00095", due=47, steps=[
              ("reply", "2d 9:30", "nuria", "Joan, ¿nos mandas un vídeo con el arranque?"),
              ("hear", "12m", "Os mando el vídeo que pedíais, se oye a partir del segundo ocho.")]),
    Story("2d 10:10", "helen", "Invoice in English", "Could the invoices come in English from now on?",
          category=BILLS, priority="low", group=OFFICE, to="daniel", due=2200, steps=[
              ("reply", "2d 10:40", "daniel", "Yes, Helen. From December they will."),
              ("hear", "1d 9:40", "Lovely, thank you. One more thing: please use our new address.")]),
    Story("2d 11:30", "olga", "Alquiler de remolque frigorífico", "Necesitamos un remolque para una boda en mayo.",
          via="form", category=DEALS, group=SALES, to="nuria", due=4300, steps=[
              ("reply", "2d 12:00", "nuria", "¿Qué fecha exacta y cuántos metros cúbicos?"),
              ("hear", "1d 10:00", "El 9 de mayo, unos diez metros cúbicos.", "form")]),
    Story("2d 12:45", "lucas", "El mando a distancia no empareja", "El mando nuevo no hace nada.", via="desk",
          category=AIR, group=TECH, to="iker", steps=[
              ("reply", "1d 12:50", "iker", "Prueba a mantener pulsado MODE y TEMP diez segundos.")]),
    Story("2d 13:30", "ines", "Tres tiendas nuevas en el contrato", "Abrimos tres tiendas en primavera.",
          category=DEALS, group=SALES, to="nuria", steps=[("status", "1d 9:00", "nuria", "in_progress")]),
    Story("2d 16:10", "raquel", "Inventario de gases del trimestre", "Cuadrar botellas antes de fin de mes.",
          via="desk", priority="low", group=STORE, to="joao", due=7200, steps=[
              ("hide", "2d 16:15", "marta"),
              ("note", "1d 12:00", "joao", "Faltan dos botellas de R-290 por localizar.")]),
    Story("2d 17:00", "nelida", "Alarma de presión alta en la central", "Salta la alarma de alta por la mañana.",
          via="form", category=COLD, priority="high", group=TECH, to="iker", product="Central de frío CR-8",
          serial="CR8-2024-00017", tags=["Garantía"], due=140,
          own={"Cobertura": COVERED, "Horas de marcha": "5120"}, steps=[
              ("reply", "1d 8:30", "iker", "Nélida, ¿nos das la lectura cuando vuelva a saltar?"),
              ("hear", "51m", "Ha vuelto a saltar a las 7:40. Lectura: 24,6 bar", "form")]),
    Story("1d 8:40", "teresa", "Aviso del obrador por la noche", "¿Se puede tener aviso al móvil si sube de 6?",
          category="suggestion", group=SALES, to="nuria", steps=[
              ("reply", "1d 9:10", "nuria", "Sí, con la sonda con SIM. Te paso precio esta semana.")]),
    Story("1d 9:20", "aurora", "Factura de octubre duplicada",
          "Nos han llegado la F-2210 y la F-2214 con el mismo importe. ¿Cuál vale?",
          category=BILLS, priority="low", group=OFFICE, to="daniel", due=360,
          files={"F-2210 y F-2214.pdf": quotation(["F-2210: 184,20 EUR", "F-2214: 184,20 EUR"])}),
    Story("1d 10:00", "andres", "El split de la sala 4 gotea otra vez", "Vuelve a gotear sobre la mesa del taller.",
          category=AIR, priority="high", group=TECH, to="iker", product="Split CL-35", serial="CL35-2023-01427",
          due=-42, files={"techo-sala-4.png": display("22C", colour=(90, 150, 230))}, steps=[
              ("reply", "1d 10:20", "iker", "Andrés, voy el martes a primera hora con una bomba de condensados."),
              ("hear", "7m", "Después de la visita del martes sigue cayendo agua sobre la mesa.")]),
    Story("103m", "soler", "No veo mi compresor en el portal",
          "He entrado con el enlace pero en «Mis equipos» solo sale el aspirador.",
          via="form", category="problem", group=TECH, due=410),
    Story("84m", "pilar", "¿Podéis adelantar la revisión anual?",
          "Nos cierran el comedor la primera semana de diciembre y sería buen momento.",
          via="form", category="question", group=TECH, service=CARE, due=185),
    Story("32m", "teresa", "Cámara del obrador a 11 °C y subiendo",
          "Buenos días, desde las seis no baja de 11. Tenemos masa madre para tres días dentro.",
          via="chat", category=COLD, priority="urgent", group=TECH, service=REPAIR, product="Cámara de obrador CO-12",
          serial="CO12-2022-00230", due=18),
]  # fmt: skip

STORIES = [*OLD, *RECENT, *NOW]
